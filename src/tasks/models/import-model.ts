import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { defaultClassNames, readModelClassNames } from '../../foundation/classes/class-names.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import type { Tensors } from '../../graph/operations.ts';
import { fromKeras } from '../../models/formats/keras/weights.ts';
import { toFloats, writeModel } from '../../models/formats/safetensors/model-file.ts';
import { readSafetensors } from '../../models/formats/safetensors/safetensors.ts';
import { fromTorchvision, torchvisionOrder } from '../../models/formats/torchvision.ts';
import type { InputRecipe } from '../../models/model.ts';
import { INPUT, type Network } from '../../network/layers.ts';
import { buildClassifier } from '../../network/registry.ts';
import { inferShapes } from '../../network/shapes.ts';
import { IMPORT_OPTIONS } from '../../options/import.ts';

/** Result of importing weights. */
export interface ImportedModel {
  /** Path of the model file. */
  readonly path: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Number of classes. */
  readonly classes: number;
}

/** Options for importing weights. */
export interface ImportOptions {
  /** `.keras`, `.h5`, or a torchvision `state_dict` as `.safetensors`. */
  readonly weights: string;
  /** Name of the backbone, `mobilenet-v2:0.35`. */
  readonly network: string;
  /** File of class names, one per line. @default `class 0`, `class 1` … */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the paper's */
  readonly size?: number | Size | undefined;
  /** Whether weights are stored in half precision. @default false */
  readonly half?: boolean | undefined;
  /** File to write. @default the weights' name with the extension .safetensors, in the current folder */
  readonly out?: string | undefined;
}

const COMMON = { colorOrder: 'rgb', fill: 0 } as const;

/** Preprocessing of `keras.applications.mobilenet.preprocess_input`, on images of the input's size. */
const KERAS_RECIPE: InputRecipe = {
  ...COMMON,
  resize: 'stretch',
  resampling: 'bilinear',
  mean: 127.5,
  std: 127.5,
};

/** torchvision's preprocessing for ImageNet: center crop, then normalization by mean and deviation per channel. */
const TORCHVISION_RECIPE: InputRecipe = {
  ...COMMON,
  resize: 'crop',
  resampling: 'area',
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
};

/** Weights of another library's file. */
interface ForeignWeights {
  readonly classes: number;
  readonly recipe: InputRecipe;
  readonly source: string;
  /** Extra options for the network's name, so that it computes the same as the original. */
  optionsFor(network: string): readonly string[];
  weightsFor(network: Network): Tensors;
  /** @throws MicroYoloError if the network would compute something else at its input size */
  check?(network: Network): void;
}

/**
 * At stride 2, Keras pads feature maps with odd sides on all sides: in MobileNetV2 every map, in MobileNetV1 the image.
 * This library always pads at the bottom and right, as Keras does for even sides.
 * @throws MicroYoloError `unsupported` if the network has such a map
 */
function checkKerasSides(network: Network): void {
  const shapes = inferShapes(network);
  const isFirstOnly = network.name.startsWith('mobilenet-v1');
  for (const layer of network.layers) {
    if (isFirstOnly && layer.inputs[0] !== INPUT) continue;
    if (layer.type !== 'conv' || layer.stride === 1 || layer.kernel === 1) continue;
    const [, height, width] = shapes.get(layer.inputs[0]!) ?? network.input;
    if (height % 2 === 0 && width % 2 === 0) continue;
    const [, inputHeight, inputWidth] = network.input;
    throw new MicroYoloError(
      'unsupported',
      `size ${inputWidth}×${inputHeight}: ${layer.name} would halve a map of ${width}×${height}, which Keras pads differently; choose multiples of 32`,
    );
  }
}

async function openKeras(path: string): Promise<ForeignWeights> {
  // Imported here, so that the HDF5 and zip readers are loaded only if needed.
  const { readKeras } = await import('../../models/formats/keras/read.ts');
  const layers = await readKeras(path);
  const kernels = layers.flatMap(({ tensors }) => tensors.get('kernel') ?? []);
  // The number of classes is the output size of the last dense layer, or of the last kernel.
  const last =
    layers
      .filter(({ kind }) => kind === 'dense')
      .at(-1)
      ?.tensors.get('kernel') ?? kernels.filter(({ shape }) => shape.at(-1)! > 1).at(-1);
  return {
    classes: last?.shape.at(-1) ?? 0,
    recipe: KERAS_RECIPE,
    source: `Keras weights ${basename(path)}`,
    // Keras's MobileNetV1 uses ReLU6, unlike the paper's ReLU. The weights fit both, but the logits differ.
    optionsFor: (name) => [
      ...(/^mobilenet-v1\b/.test(name) ? ['activation=relu6'] : []),
      'conventions=keras',
    ],
    weightsFor: (network) => fromKeras(network, layers),
    check: checkKerasSides,
  };
}

async function openTorchvision(path: string): Promise<ForeignWeights> {
  const { tensors } = await readSafetensors(path);
  const names = torchvisionOrder(tensors.keys());
  const floats = new Map(names.map((name) => [name, toFloats(name, tensors.get(name)!, path)]));
  return {
    classes: floats.get(names.at(-1) ?? '')?.shape[0] ?? 0,
    recipe: TORCHVISION_RECIPE,
    source: `torchvision weights ${basename(path)}`,
    optionsFor: () => [],
    weightsFor: (network) => fromTorchvision(network, floats),
  };
}

function open(path: string): Promise<ForeignWeights> {
  switch (extname(path).toLowerCase()) {
    case '.keras':
    case '.h5':
    case '.hdf5':
      return openKeras(path);
    case '.safetensors':
      return openTorchvision(path);
    default:
      throw new MicroYoloError(
        'invalid-argument',
        `weights ${JSON.stringify(path)}: expected .keras, .h5, or .safetensors of a torchvision model`,
        { field: 'weights', received: path },
      );
  }
}

/**
 * Adds an option to a network's name, unless it already has one of that key: `mobilenet-v2` takes it after `:`,
 * `mobilenet-v2:0.35` after `,`.
 */
function withOption(name: string, option: string): string {
  if (name.includes(option.split('=')[0]!)) return name;
  return `${name}${name.includes(':') ? ',' : ':'}${option}`;
}

/**
 * Imports the weights of a classifier that was trained with Keras or torchvision.
 * @throws MicroYoloError if the weights cannot be read, or belong to another network
 */
export async function importModel(options: ImportOptions): Promise<ImportedModel> {
  checkOptions('importModel options', options, IMPORT_OPTIONS);
  const { weights: file, names, size, half = false } = options;
  const path = options.out ?? `${basename(file, extname(file))}.safetensors`;
  await checkOverwritesNone(path, [file, names], 'what is imported');
  if (extname(path).toLowerCase() !== '.safetensors') {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${path}: expected a name that ends in .safetensors; fix ${option('out')}`,
      { field: 'out', received: path },
    );
  }
  const { classes: count, recipe, source, optionsFor, weightsFor, check } = await open(file);
  if (count === 1) {
    throw new MicroYoloError(
      'unsupported',
      `${file}: its last layer has one output, expected a softmax over two or more classes; train it with one output per class`,
    );
  }
  const name = optionsFor(options.network).reduce(withOption, options.network);
  const network = buildClassifier(name, { classes: Math.max(1, count), ...(size ? { size } : {}) });
  check?.(network);
  let weights: Tensors;
  try {
    weights = weightsFor(network);
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    throw new MicroYoloError(error.code, `${file}: ${error.message}`);
  }
  const classes = names === undefined ? defaultClassNames(count) : await readModelClassNames(names, count);
  await writeModel(path, { network, weights, classes, recipe, provenance: { source } }, { half });
  return { path, bytes: (await stat(path)).size, classes: count };
}
