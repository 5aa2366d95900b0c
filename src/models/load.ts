import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isAddress } from '../foundation/addresses.ts';
import { defaultClassNames, readModelClassNames } from '../foundation/classes/class-names.ts';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { option } from '../foundation/errors/named-options.ts';
import { isFolder } from '../foundation/files/folders.ts';
import { backboneNames } from '../network/backbones/families.ts';
import { classCount } from '../network/layers.ts';
import { buildNetwork, detectorNames, headNames, isNetworkName } from '../network/registry.ts';
import { catalogEntry, modelCatalog, shippedModelPath } from './fetch/catalog.ts';
import { downloadModel } from './fetch/download.ts';
import { fetchModel, isFetchedModel } from './fetch/fetch-model.ts';
import {
  type DarknetFiles,
  readDarknet,
  readDarknetDescription,
  readDarknetStart,
} from './formats/darknet/read.ts';
import type { ModelDescription } from './formats/safetensors/description.ts';
import { readModel, readModelDescription } from './formats/safetensors/model-file.ts';
import type { Model } from './model.ts';

/** All names that `loadNetwork` accepts. */
const NETWORKS = `${detectorNames.join(', ')}, a backbone (${backboneNames.join(', ')}) or BACKBONE/HEAD (${headNames.join(', ')})`;

/** A model, and warnings about its files. */
export interface LoadedModel {
  /** The model. */
  readonly model: Model;
  /** Warnings about ignored or missing parts, one line each. */
  readonly warnings: readonly string[];
}

async function refuseFolder(path: string): Promise<void> {
  if (!(await isFolder(path))) return;
  const models = (await readdir(path)).filter((name) => extname(name).toLowerCase() === '.safetensors');
  // The best model of a training run, not its checkpoints.
  const model = models.find((name) => name.startsWith('best')) ?? models[0];
  const remedy = model === undefined ? 'name the file in it' : `did you mean ${join(path, model)}?`;
  throw new MicroYoloError('invalid-argument', `${path}: is a folder, expected a model file; ${remedy}`);
}

/** Endings of model files, to correct typing errors. */
const ENDINGS = ['.safetensors', '.cfg', '.onnx'];

/** The remedy for a path with a mistyped ending, or undefined. */
function correctedEnding(path: string): string | undefined {
  const ending = extname(path);
  if (ending === '') return undefined;
  return didYouMean(ending, ENDINGS, (meant) => `${path.slice(0, -ending.length)}${meant}`);
}

/** @param remedy remedy in the message, if no known name is similar */
function kindOf(path: string, remedy = 'pass a model file'): 'darknet' | 'safetensors' {
  switch (extname(path).toLowerCase()) {
    case '.cfg':
      return 'darknet';
    case '.safetensors':
      return 'safetensors';
    case '.weights':
      throw new MicroYoloError(
        'invalid-argument',
        `${path}: only weights, expected their .cfg; pass the .cfg as the model and the weights as ${option('weights')}`,
      );
    case '.onnx':
      throw new MicroYoloError(
        'unsupported',
        `model ${JSON.stringify(path)}: an ONNX graph, which cannot be changed; expected .safetensors or .cfg`,
      );
    case '.pt':
    case '.pth':
    case '.h5':
    case '.keras':
    case '.tflite':
      throw new MicroYoloError(
        'invalid-argument',
        `model ${JSON.stringify(path)}: cannot be run, expected .safetensors or .cfg; \`micro-yolo import --help\` lists the weights that can be imported`,
        { field: 'model', received: path },
      );
    default: {
      const known = [...detectorNames, ...backboneNames, ...modelCatalog().map(({ name }) => name)];
      // BACKBONE/HEAD is a name.
      const isPath = /[/\\]/.test(path) && !headNames.some((head) => path.endsWith(`/${head}`));
      const named = isPath ? undefined : didYouMean(path.replace(/[:/].*/s, ''), known);
      const near = correctedEnding(path) ?? named ?? `; ${isPath ? 'pass a model file' : remedy}`;
      throw new MicroYoloError(
        'invalid-argument',
        `model ${JSON.stringify(path)}: expected the name of a model, or a file: .safetensors, .onnx or .cfg${near}`,
        { field: 'model', received: path },
      );
    }
  }
}

/**
 * Returns the file of a model: that of a name in the catalog (shipped or downloaded), a path, or the download of an
 * address.
 * @throws MicroYoloError if a download fails
 */
export async function modelFile(model: string): Promise<string> {
  if (isAddress(model)) return downloadModel(model);
  return isFetchedModel(model) ? fetchModel(model) : (shippedModelPath(model) ?? model);
}

/**
 * Loads a model: a `.safetensors` file, a Darknet `.cfg` with its weights, or a bundled model by its name. A
 * `.safetensors` file may be a path or an https address (see `downloadModel`).
 * @throws MicroYoloError if a file is missing, damaged or not supported
 */
export async function loadModel(nameOrPath: string, files: DarknetFiles = {}): Promise<LoadedModel> {
  const path = await modelFile(nameOrPath);
  if (isNetworkName(path)) {
    throw new MicroYoloError(
      'invalid-argument',
      `model ${JSON.stringify(path)}: the name of an untrained network, expected a model file; pass a .safetensors or .cfg file`,
      { field: 'model', received: path },
    );
  }
  await refuseFolder(path);
  if (kindOf(path) === 'darknet') return readDarknet(path, files);
  if (files.weights !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `weights ${JSON.stringify(files.weights)}: ${path} contains its own weights; set this option only for a .cfg`,
    );
  }
  const model = await readModel(path);
  if (files.names === undefined) return { model, warnings: [] };
  const classes = await readModelClassNames(files.names, model.classes.length);
  return { model: { ...model, classes }, warnings: [] };
}

/**
 * Returns the network of a model or of a registry name. A model's weights are not read, and may be missing.
 * @throws MicroYoloError if it is neither
 */
export async function loadNetwork(
  nameOrPath: string,
): Promise<Pick<ModelDescription, 'network' | 'classes'> & Partial<ModelDescription>> {
  if (isNetworkName(nameOrPath)) {
    const network = buildNetwork(nameOrPath);
    return { network, classes: defaultClassNames(classCount(network)) };
  }
  const path = await modelFile(nameOrPath);
  await refuseFolder(path);
  if (kindOf(path, `pass a model file, or the name of a network: ${NETWORKS}`) === 'safetensors') {
    return readModelDescription(path);
  }
  return readDarknetDescription(path);
}

export interface StartModel extends LoadedModel {
  /** Describes the initial weights of a Darknet model. Undefined for other models. */
  readonly summary?: string;
}

/**
 * Loads a model to train it. Unlike with `loadModel`, a Darknet `.cfg` may have weights of only its first convolutions,
 * or none.
 * @throws MicroYoloError if a file is missing, damaged or not supported
 */
export async function loadStart(nameOrPath: string, files: DarknetFiles = {}): Promise<StartModel> {
  const ending = extname(nameOrPath).toLowerCase();
  if (ending === '.onnx') {
    throw new MicroYoloError(
      'unsupported',
      `${nameOrPath}: an ONNX graph, whose weights no network can take; expected .safetensors or .cfg; to learn from it, pass it as ${option('teacher')}`,
    );
  }
  return ending === '.cfg' ? readDarknetStart(nameOrPath, files) : loadModel(nameOrPath, files);
}

/** Whether a name or path refers to a model, and not to the weights of a Darknet `.cfg`. */
export function isModelName(nameOrPath: string): boolean {
  const isFile = ['.cfg', '.safetensors'].includes(extname(nameOrPath).toLowerCase());
  return isFile || isAddress(nameOrPath) || catalogEntry(nameOrPath) !== undefined;
}
