import * as z from 'zod';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { fitsHalf, floatToHalf, halfToFloat } from '../../../foundation/half-precision.ts';
import type { Tensor, Tensors } from '../../../graph/operations.ts';
import { classCount, type Network, outputLayers } from '../../../network/layers.ts';
import { networkParameters } from '../../../network/parameters.ts';
import { inferShapes } from '../../../network/shapes.ts';
import { checkModel, parameterMisfit } from '../../check-model.ts';
import type { Model } from '../../model.ts';
import { networkSchema } from './network-schema.ts';
import {
  readSafetensors,
  readSafetensorsMetadata,
  type Safetensors,
  type SafetensorsEntry,
  writeSafetensors,
} from './safetensors.ts';

/** What the metadata's one key holds as JSON: everything of a model but its weights. */
export const METADATA_KEY = 'micro-yolo';

/** Of descriptions of this library's own networks, and of graphs that others made. */
const NETWORK_VERSION = 1;
export const GRAPH_VERSION = 2;

/** One number for all colors, or one each. */
const byColor = (number: z.ZodNumber) => z.union([number, z.tuple([number, number, number])]);

const descriptionSchema = z.strictObject({
  version: z.literal(NETWORK_VERSION),
  network: networkSchema,
  classes: z.array(z.string()),
  recipe: z.strictObject({
    resize: z.enum(['letterbox', 'stretch', 'crop']),
    resampling: z.enum(['bilinear', 'area']),
    colorOrder: z.enum(['rgb', 'bgr']),
    mean: byColor(z.number()),
    std: byColor(z.number().positive()),
    fill: z.number().min(0).max(255),
  }),
  provenance: z.record(z.string(), z.string()),
});

/** A model without its weights. */
export type ModelDescription = Omit<Model, 'weights'>;

/** What no single field shows: layers that do not fit each other. */
function networkProblem(network: Network): string | undefined {
  try {
    inferShapes(network);
  } catch (error) {
    if (error instanceof MicroYoloError) return error.message;
    throw error;
  }
  const counts = new Set(outputLayers(network).map(({ classes }) => classes));
  if (counts.size === 0) return 'its network has no output layer';
  if (counts.size > 1) return `its outputs score ${[...counts].join(' and ')} classes, expected one number`;
  return undefined;
}

/** A description with every field checked; reading and writing share it, so that what is written can be read. */
function checkDescription(json: unknown, fail: (problem: string) => never): ModelDescription {
  const parsed = descriptionSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return fail(`its description at ${issue.path.join('.') || 'the top'}: ${issue.message}`);
  }
  const { version: _, ...description } = parsed.data;
  const problem = networkProblem(description.network);
  if (problem) return fail(problem);
  const count = classCount(description.network);
  if (description.classes.length !== count) {
    return fail(`${description.classes.length} class names, but its network scores ${count} classes`);
  }
  return description;
}

/**
 * The JSON in a model file's metadata, of a version that is known.
 * @throws MicroYoloError `invalid-file`, or `unsupported` for a file of a later version
 */
export function parseMetadata(metadata: Readonly<Record<string, string>>, path: string): unknown {
  const text = metadata[METADATA_KEY];
  const fail = (problem: string): never => {
    throw new MicroYoloError('invalid-file', `${path}: ${problem}; expected a model written by micro-yolo`, {
      path,
    });
  };
  if (text === undefined) return fail('has no micro-yolo network in its metadata');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('its network is not JSON');
  }
  const version = z.object({ version: z.number() }).safeParse(json).data?.version ?? 0;
  if (version > GRAPH_VERSION) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: a model file of version ${version}, expected ${GRAPH_VERSION} at most; update micro-yolo`,
    );
  }
  return json;
}

/** Whether a model file's metadata says that it holds a graph that others made, not a network of this library. */
export function holdsGraph(metadata: Readonly<Record<string, string>>): boolean {
  try {
    return z.object({ kind: z.literal('graph') }).safeParse(JSON.parse(metadata[METADATA_KEY] ?? 'null'))
      .success;
  } catch {
    return false;
  }
}

/**
 * The description in a model file's metadata.
 * @throws MicroYoloError `invalid-file`, or `unsupported` if it holds a graph that others made
 */
export function parseDescription(metadata: Readonly<Record<string, string>>, path: string): ModelDescription {
  if (holdsGraph(metadata)) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: holds an ONNX graph, whose network cannot be changed; expected a network of micro-yolo's own here`,
    );
  }
  return checkDescription(parseMetadata(metadata, path), (problem) => {
    throw new MicroYoloError('invalid-file', `${path}: ${problem}; expected a model written by micro-yolo`, {
      path,
    });
  });
}

/** @throws MicroYoloError `unsupported` for other types than F32 and F16 */
export function toFloats(name: string, { type, shape, bytes }: SafetensorsEntry, path: string): Tensor {
  switch (type) {
    // Copies: aligned, and independent of the file's buffer.
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

function bindWeights({ network }: ModelDescription, { tensors }: Safetensors, path: string): Tensors {
  const misfit = parameterMisfit(network, (name) => tensors.get(name)?.shape);
  if (misfit !== undefined)
    throw new MicroYoloError('invalid-file', `${path}: ${misfit}; export it again`, { path });
  const names = networkParameters(network).map(({ name }) => name);
  return new Map(names.map((name) => [name, toFloats(name, tensors.get(name)!, path)]));
}

/**
 * Reads a model file.
 * @throws MicroYoloError where it is missing, damaged, or its tensors do not fit its network
 */
export async function readModel(path: string): Promise<Model> {
  const file = await readSafetensors(path);
  const description = parseDescription(file.metadata, path);
  return { ...description, weights: bindWeights(description, file, path) };
}

/** Reads all of a model but its weights, without touching these. */
export async function readModelDescription(path: string): Promise<ModelDescription> {
  return parseDescription(await readSafetensorsMetadata(path), path);
}

/**
 * A description as a model file's metadata.
 * @throws MicroYoloError `unsupported` where it could not be read back
 */
export function formatDescription(model: ModelDescription, path: string): Readonly<Record<string, string>> {
  const { network, classes, recipe, provenance } = model;
  const description = { version: NETWORK_VERSION, network, classes, recipe, provenance };
  checkDescription(description, (problem) => {
    throw new MicroYoloError('unsupported', `${path}: ${problem}; a safetensors model needs one that fits`);
  });
  return { format: 'micro-yolo', [METADATA_KEY]: JSON.stringify(description) };
}

/** Tensors as a file of float32 holds them. */
export function float32Entries(tensors: Tensors): ReadonlyMap<string, SafetensorsEntry> {
  return new Map(
    [...tensors].map(([name, { shape, data }]): [string, SafetensorsEntry] => [
      name,
      { type: 'F32', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) },
    ]),
  );
}

/** Tensors as a file of float16 holds them: half the bytes, three decimal digits. One of larger numbers stays as it is. */
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
 * @param options.half weights in half precision; networks do not notice. @default false
 * @throws MicroYoloError `unsupported` where its description could not be read back, `invalid-argument` where its weights do not
 *     fit its network, `not-writable`
 */
export async function writeModel(
  path: string,
  model: Model,
  { half = false }: { readonly half?: boolean } = {},
): Promise<void> {
  const metadata = formatDescription(model, path);
  checkModel(model);
  const tensors = half ? float16Entries(model.weights) : float32Entries(model.weights);
  await writeSafetensors(path, { tensors, metadata });
}
