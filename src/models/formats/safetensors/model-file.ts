import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { fitsHalf, floatToHalf, halfToFloat } from '../../../foundation/half-precision.ts';
import type { Tensor, Tensors } from '../../../graph/operations.ts';
import { networkParameters } from '../../../network/parameters.ts';
import { checkModel, parameterMisfit } from '../../check-model.ts';
import type { Model } from '../../model.ts';
import {
  type CodedTensor,
  codedEntries,
  contentsDigest,
  DIGEST_KEY,
  decodedTensor,
} from '../shared/coded-entries.ts';
import {
  type CheckedDescription,
  formatDescription,
  METADATA_KEY,
  type ModelDescription,
  parseDescription,
} from './description.ts';
import {
  readSafetensors,
  readSafetensorsMetadata,
  type Safetensors,
  type SafetensorsEntry,
  writeSafetensors,
} from './safetensors.ts';

/** @throws MicroYoloError `unsupported` for types other than F32 and F16 */
export function toFloats(name: string, { type, shape, bytes }: SafetensorsEntry, path: string): Tensor {
  switch (type) {
    // The copies are aligned, and independent of the file's buffer.
    case 'F32':
      return { shape, data: new Float32Array(new Uint8Array(bytes).buffer) };
    case 'F16':
      return { shape, data: halfToFloat(new Uint16Array(new Uint8Array(bytes).buffer)) };
    default:
      throw new MicroYoloError(
        'unsupported',
        `${path}: tensor ${name} is ${type}, expected F32 or F16; convert it first`,
      );
  }
}

function bindWeights(
  { network, shared = {} }: CheckedDescription,
  { tensors, metadata }: Safetensors,
  path: string,
): Tensors {
  const isShared = (name: string) => Object.hasOwn(shared, name);
  const misfit = parameterMisfit(network, (name) =>
    isShared(name) && tensors.has(name) ? shared[name] : tensors.get(name)?.shape,
  );
  if (misfit !== undefined)
    throw new MicroYoloError('invalid-file', `${path}: ${misfit}; export it again`, { path });
  if (
    Object.keys(shared).length > 0 &&
    metadata[DIGEST_KEY] !== contentsDigest(metadata[METADATA_KEY]!, tensors)
  ) {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: its SHA-256 is wrong; download it or compress the model again`,
      { path },
    );
  }
  const names = networkParameters(network).map(({ name }) => name);
  return new Map(
    names.map((name) => {
      const entry = tensors.get(name)!;
      const tensor = isShared(name)
        ? decodedTensor(name, entry, shared[name]!, path)
        : toFloats(name, entry, path);
      return [name, tensor];
    }),
  );
}

/**
 * Reads a model file.
 * @throws MicroYoloError if it is missing or damaged, or its tensors do not fit its network
 */
export async function readModel(path: string): Promise<Model> {
  const file = await readSafetensors(path);
  const description = parseDescription(file.metadata, path);
  const { shared: _, ...model } = description;
  return { ...model, weights: bindWeights(description, file, path) };
}

/** Reads all of a model except its weights, whose bytes are not read. */
export async function readModelDescription(path: string): Promise<ModelDescription> {
  const { shared: _, ...description } = parseDescription(await readSafetensorsMetadata(path), path);
  return description;
}

/** Converts tensors to entries of a float32 file. */
export function float32Entries(tensors: Tensors): ReadonlyMap<string, SafetensorsEntry> {
  return new Map(
    [...tensors].map(([name, { shape, data }]): [string, SafetensorsEntry] => [
      name,
      { type: 'F32', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) },
    ]),
  );
}

/**
 * Converts tensors to entries of a float16 file: half the bytes, with three decimal digits. Tensors with values too
 * large for float16 do not change.
 */
function float16Entries(tensors: Tensors): ReadonlyMap<string, SafetensorsEntry> {
  const whole = float32Entries(tensors);
  return new Map(
    [...tensors].map(([name, { shape, data }]): [string, SafetensorsEntry] => {
      if (!fitsHalf(data)) return [name, whole.get(name)!];
      return [name, { type: 'F16', shape, bytes: new Uint8Array(floatToHalf(data).buffer) }];
    }),
  );
}

/**
 * Writes a model as one safetensors file, atomically.
 * @param settings.half whether weights are stored in half precision.
 * @default false
 * @throws MicroYoloError `unsupported` if its description could not be read back, `invalid-argument` if its weights
 * do not fit its network, `not-writable`
 */
export async function writeModel(
  path: string,
  model: Model,
  settings: { readonly half?: boolean | undefined } = {},
): Promise<void> {
  const { half = false } = settings;
  const metadata = formatDescription(model, path);
  checkModel(model);
  const tensors = half ? float16Entries(model.weights) : float32Entries(model.weights);
  await writeSafetensors(path, { tensors, metadata });
}

/**
 * Writes a model with some coded tensors as one safetensors file, atomically. Reading it gives a normal model.
 * @param coded those tensors by name, which replace the model's own
 * @throws MicroYoloError as `writeModel`
 */
export async function writeCodedModel(
  path: string,
  model: Model,
  coded: ReadonlyMap<string, CodedTensor>,
): Promise<void> {
  checkModel(model);
  const shapes = Object.fromEntries([...coded].map(([name, { shape }]) => [name, [...shape]]));
  const description = formatDescription(model, path, shapes);
  const plain = new Map([...model.weights].filter(([name]) => !coded.has(name)));
  const tensors = new Map([...float32Entries(plain), ...codedEntries(coded)]);
  const digest = contentsDigest(description[METADATA_KEY]!, tensors);
  await writeSafetensors(path, { tensors, metadata: { ...description, [DIGEST_KEY]: digest } });
}
