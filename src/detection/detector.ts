// This file is long because one public class documents what its methods accept, return and throw.
import type { Size, XyxyPx } from '../boxes/formats.ts';
import { suppress } from '../boxes/nms/suppress.ts';
import { checkAborted, unlessAborted } from '../foundation/abort.ts';
import { checkOptions, type OptionKinds } from '../foundation/errors/check-options.ts';
import { toOriginal } from '../image/letterbox.ts';
import { type PreparedImage, prepareImage } from '../image/prepare.ts';
import type { ImageSource } from '../image/sources.ts';
import type { AnyModel } from '../models/graph-model.ts';
import type { InputRecipe } from '../models/model.ts';
import { checkOneImage } from '../models/running/image-network.ts';
import type { DetectOneOptions, DetectOptions } from '../options/detect.ts';
import { RESIZE_OPTION, type RuntimeOptions } from '../options/loading.ts';
import type { Decoder, Outputs } from './decoders/decoder.ts';
import type { DetectionResult } from './detection-result.ts';
import { type DetectorNetwork, openDetectorNetwork } from './detector-network.ts';
import type { GraphRun } from './foreign/graph-network.ts';
import { LOAD_ANY_KINDS, type LoadAnyOptions, loadAnyModel } from './load-any-model.ts';
import { checkDetectOptions, type DetectSettings, settingsOf } from './options.ts';
import { bestOf, type Detection, detectionsOf, LEAST_SCORE, readCandidates } from './read-boxes.ts';
import { inspectTiled } from './tiled.ts';

export type { DetectionResult, DetectTimings } from './detection-result.ts';
export type { Detection } from './read-boxes.ts';

/** Options for loading a detector. */
export interface LoadDetectorOptions extends LoadAnyOptions {
  /** How images are fitted into the input. @default the model's setting */
  readonly resize?: Exclude<InputRecipe['resize'], 'crop'> | undefined;
}

export const LOAD_DETECTOR_KINDS: OptionKinds<LoadDetectorOptions> = {
  ...LOAD_ANY_KINDS,
  resize: RESIZE_OPTION,
};

/** Outputs of the network for images of the same input size. */
export interface DetectorRuns {
  /** One per image, in order. */
  readonly runs: readonly GraphRun[];
  /** Time for making the network's inputs, for all images, in milliseconds. */
  readonly feeding: number;
  /** Time for running the network, for all images, in milliseconds. */
  readonly running: number;
}

/** Detects objects in images. It holds a loaded network: dispose it, or declare it with `await using`. */
export class Detector implements AsyncDisposable {
  /** The loaded model. */
  readonly model: AnyModel;
  readonly #network: DetectorNetwork;

  private constructor(model: AnyModel, network: DetectorNetwork) {
    this.model = model;
    this.#network = network;
  }

  /**
   * @param decoder decoder of the outputs, for a graph of a custom family
   * @throws MicroYoloError `unsupported` if the model is not a detector, `invalid-argument` if its parts do not fit
   */
  static async create(model: AnyModel, options: RuntimeOptions = {}, decoder?: Decoder): Promise<Detector> {
    return new Detector(model, await openDetectorNetwork(model, options, decoder));
  }

  /** Runtime and device, such as `onnx on the CPU`. */
  get runtime(): string {
    return this.#network.runtime;
  }

  /** The decoder of the network's outputs, with its default thresholds. */
  get decoder(): Decoder {
    return this.#network.decoder;
  }

  /**
   * Checks options before any image is read.
   * @throws MicroYoloError `invalid-argument` that names the option, its value and the expectation
   */
  check(options: DetectOptions): void {
    checkDetectOptions(options, this.model.classes);
  }

  /** Size of the network's input, in pixels. */
  get input(): Size {
    return this.#network.input;
  }

  /**
   * Detects the objects in an image, best first.
   * @throws MicroYoloError `not-found` or `invalid-file` for an image that cannot be read or is too large,
   *   `invalid-argument` for an option out of range, `interrupted` if the signal aborts, `disposed`
   */
  async detect(source: ImageSource, options: DetectOneOptions = {}): Promise<readonly Detection[]> {
    return (await this.inspect(source, options)).detections;
  }

  /** Like `detect`, but also returns the image's size and the time of each part. */
  async inspect(
    source: ImageSource,
    { signal, ...options }: DetectOneOptions = {},
  ): Promise<DetectionResult> {
    this.check(options);
    checkAborted(signal);
    if (options.tile !== undefined) return inspectTiled(this, source, options, signal);
    const start = performance.now();
    const prepared = await unlessAborted(this.prepare(source, options), signal);
    const decode = performance.now() - start;
    return unlessAborted(this.inspectPrepared(prepared, options, decode), signal);
  }

  /**
   * Decodes an image and fits it into the input, for `inspectPrepared`. It can run while the network processes
   * another image.
   */
  prepare(source: ImageSource, options: Pick<DetectOptions, 'maxPixels'> = {}): Promise<PreparedImage> {
    const { maxPixels } = options;
    return prepareImage(source, this.model.recipe, this.input, maxPixels === undefined ? {} : { maxPixels });
  }

  /**
   * @param prepared by `prepare`, for the input's size
   * @param decode milliseconds that preparing took, for the timings
   * @throws MicroYoloError `invalid-argument` for an image prepared for another size
   */
  async inspectPrepared(
    prepared: PreparedImage,
    options: DetectOptions = {},
    decode = 0,
  ): Promise<DetectionResult> {
    const [result] = await this.inspectBatch([prepared], options, [decode]);
    return result!;
  }

  /**
   * Like `inspectPrepared`, but for several images of the same input size, which the network processes at once if it
   * can.
   * @param decode milliseconds that preparing each image took
   * @throws MicroYoloError `invalid-argument` for an image prepared for another size
   */
  async inspectBatch(
    prepared: readonly PreparedImage[],
    options: DetectOptions,
    decode: readonly number[],
  ): Promise<readonly DetectionResult[]> {
    this.check(options);
    const settings = settingsOf(options, this.decoder);
    const { runs, feeding, running } = await this.runsOf(prepared);
    return prepared.map((image, index) => {
      const started = performance.now();
      const found = this.#found(runs[index]!, image, settings);
      const timings = {
        decode: decode[index]! + feeding / prepared.length,
        network: running / prepared.length,
        boxes: performance.now() - started,
      };
      return { ...found, timings };
    });
  }

  /**
   * Runs the network on prepared images of the same input size.
   * @throws MicroYoloError `invalid-argument` for an image prepared for another size
   */
  async runsOf(prepared: readonly PreparedImage[]): Promise<DetectorRuns> {
    for (const image of prepared) this.#checkPrepared(image);
    const given = performance.now();
    const run = this.#network.start(prepared);
    const started = performance.now();
    const runs = await run();
    return { runs, feeding: started - given, running: performance.now() - started };
  }

  /** Number of images that the network processes at once by default. 1 on a CPU, where batches are no faster. */
  get usualBatch(): number {
    return this.#network.usualBatch;
  }

  #found(
    { outputs, maps }: GraphRun,
    prepared: PreparedImage,
    settings: DetectSettings,
  ): Omit<DetectionResult, 'timings'> {
    const { placement, decoded, note } = prepared;
    const { classes } = this.model;
    const { nms, iouThreshold, maxDetections, agnostic, clip, scoreThreshold } = settings;
    const candidatesOver = (threshold: number) =>
      readCandidates(outputs, prepared, this.decoder, classes, { ...settings, scoreThreshold: threshold });
    const candidates = candidatesOver(scoreThreshold);
    const kept = suppress(candidates, nms, { iouThreshold, maxDetections, agnostic, scoreThreshold });
    const { width, height } = placement.original;
    const toPhoto = (box: XyxyPx) => toOriginal(box, placement);
    const bestBelow =
      kept.count === 0 && scoreThreshold > LEAST_SCORE
        ? bestOf(candidatesOver(LEAST_SCORE), classes)
        : undefined;
    return {
      detections: detectionsOf(kept, classes, toPhoto, clip ? placement.original : undefined),
      width,
      height,
      ...(bestBelow && { bestBelow }),
      ...(decoded && { decoded }),
      ...(Object.keys(maps).length > 0 && { features: maps }),
      ...(note && { note }),
    };
  }

  /**
   * Runs only the network.
   * @param pixels one or more images, [batch, height, width, 3] of the input's size; an imported graph accepts one
   * @returns the outputs by name. This library's networks return logits [batch, channels, rows, columns] by head
   * @throws MicroYoloError `invalid-argument` for a wrong number of pixels; `disposed` if the detector is disposed
   */
  run(pixels: Uint8Array): Promise<Outputs> {
    return this.#network.run(pixels);
  }

  /** @throws MicroYoloError `invalid-argument` for an image prepared for another size */
  #checkPrepared({ pixels, input }: PreparedImage): void {
    const takesAny = ['native', 'shortest'].includes(this.model.recipe.resize);
    checkOneImage(pixels, takesAny ? input : this.input);
  }

  /** Frees the network. You can call it more than once. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network[Symbol.asyncDispose]();
  }
}

/**
 * Loads a detector: a `.safetensors` model, a Darknet `.cfg` with its weights, an `.onnx` file of a known family
 * (docs/foreign-detectors.md), or a model in memory.
 * @throws MicroYoloError if a file is missing, damaged, or not a detector
 */
export async function loadDetector(
  model: string | AnyModel,
  options: LoadDetectorOptions = {},
): Promise<Detector> {
  checkOptions('detector options', options, LOAD_DETECTOR_KINDS);
  const { resize, onWarning = (message) => process.emitWarning(message) } = options;
  const { model: loaded, warnings } = await loadAnyModel(model, options);
  for (const warning of warnings) onWarning(warning);
  const recipe = resize === undefined ? loaded.recipe : { ...loaded.recipe, resize };
  return Detector.create({ ...loaded, recipe }, options, options.decoder);
}
