import type { Size } from '../../boxes/formats.ts';
import { unlessAborted } from '../../foundation/abort.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { checkMaxPixels } from '../../image/decode.ts';
import { type PreparedImage, prepareImage } from '../../image/prepare.ts';
import type { ImageSource } from '../../image/sources.ts';
import { classesOutput } from '../../network/classifiers/output.ts';
import type { ClassesLayer, Network } from '../../network/layers.ts';
import type { RuntimeOptions } from '../../options/loading.ts';
import { LOAD_OPTIONS, type LoadOptions } from '../../options/loading.ts';
import { checkModel } from '../check-model.ts';
import type { Model } from '../model.ts';
import { checkOneImage, ImageNetwork } from './image-network.ts';
import { loadSized } from './load-sized.ts';

/** A class with its probability for an image. */
export interface Classification {
  /** Name of the class. */
  readonly label: string;
  /** Index of the label in the model's classes. */
  readonly classId: number;
  /** Probability, 0–1. The probabilities of all classes sum to 1. */
  readonly score: number;
}

/** Options for classification. */
export interface ClassifyOptions {
  /** Number of classes to return, those with the highest scores. @default 5 */
  readonly top?: number | undefined;
  /** Maximum size of an image in pixels. @default the same as for detection */
  readonly maxPixels?: number | undefined;
  /** Aborts the work: before decoding, or before the network. `classify` then throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options for loading a classifier. */
export type LoadClassifierOptions = LoadOptions;

/** Default of `top`. */
const DEFAULT_TOP = 5;

function outputOf(network: Network): ClassesLayer {
  const output = classesOutput(network);
  if (output) return output;
  throw new MicroYoloError(
    'unsupported',
    `${network.name}: not a classifier, expected an output of classes; pass a classifier, or use detect`,
  );
}

/** Converts logits to probabilities. */
function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Classifies images. It holds a loaded network: dispose it, or declare it with `await using`. */
export class Classifier implements AsyncDisposable {
  /** The loaded model. */
  readonly model: Model;
  readonly #network: ImageNetwork;
  readonly #output: ClassesLayer;

  private constructor(model: Model, network: ImageNetwork) {
    this.model = model;
    this.#network = network;
    this.#output = outputOf(model.network);
  }

  /** @throws MicroYoloError `unsupported` if the model is not a classifier, `invalid-argument` */
  static async create(model: Model, options: RuntimeOptions = {}): Promise<Classifier> {
    outputOf(model.network);
    checkModel(model);
    return new Classifier(model, await ImageNetwork.open(model, options));
  }

  /** Runtime and device, such as `onnx on the CPU`. */
  get runtime(): string {
    return this.#network.runtime;
  }

  /** Size of the network's input, in pixels. */
  get input(): Size {
    return this.#network.input;
  }

  /**
   * Checks options before any image is read.
   * @throws MicroYoloError `invalid-argument` that names the option, its value and the expectation
   */
  check(options: ClassifyOptions): void {
    checkOptions('classify options', options, { top: 'number', maxPixels: 'number', signal: 'object' });
    const { top, maxPixels } = options;
    checkMaxPixels(maxPixels);
    if (top !== undefined) checkRange('top', top, 1, 1e6, true);
  }

  /**
   * Classifies an image. Returns the most likely classes first.
   * @throws MicroYoloError if the image cannot be read, or an option is out of range; `interrupted` if the signal aborts
   */
  async classify(source: ImageSource, options: ClassifyOptions = {}): Promise<readonly Classification[]> {
    this.check(options);
    const { signal } = options;
    const { pixels } = await unlessAborted(this.prepare(source, options), signal);
    return this.best(await unlessAborted(this.scores(pixels), signal), options.top);
  }

  /** Decodes an image and fits it into the input, for `scores`. */
  prepare(source: ImageSource, { maxPixels }: ClassifyOptions = {}): Promise<PreparedImage> {
    const { recipe } = this.model;
    return prepareImage(source, recipe, this.#network.input, maxPixels === undefined ? {} : { maxPixels });
  }

  /**
   * Runs only the network.
   * @param pixels one image, [height, width, 3] of the input's size
   * @returns probabilities, [classes]
   * @throws MicroYoloError `invalid-argument` for a wrong number of pixels; `disposed` if the classifier is disposed
   */
  async scores(pixels: Uint8Array): Promise<Float32Array> {
    checkOneImage(pixels, this.input);
    const outputs = await this.#network.run(pixels);
    const values = outputs[this.#output.name]!.data as Float32Array;
    return this.#output.softmax ? values : softmax(values);
  }

  /**
   * Returns the classes with the highest scores, best first. If scores are equal, the lower class index comes first.
   */
  best(scores: Float32Array, top = DEFAULT_TOP): readonly Classification[] {
    const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
    return order.slice(0, top).map((classId) => {
      return { label: this.model.classes[classId]!, classId, score: scores[classId]! };
    });
  }

  /** Frees the network. You can call it more than once. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network[Symbol.asyncDispose]();
  }
}

/**
 * Loads a classifier: a `.safetensors` model, a Darknet `.cfg` with its weights, or a model in memory.
 * @throws MicroYoloError if a file is missing, damaged, or not a classifier
 */
export async function loadClassifier(
  model: string | Model,
  options: LoadClassifierOptions = {},
): Promise<Classifier> {
  checkOptions('classifier options', options, LOAD_OPTIONS);
  return Classifier.create(await loadSized(model, options), options);
}
