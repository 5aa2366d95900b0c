import { Candidates } from '../boxes/candidates.ts';
import { clipToImage, type Size, type XywhPx, type XyxyPx, xyxyToXywh } from '../boxes/formats.ts';
import { suppress } from '../boxes/nms/suppress.ts';
import { selectClasses } from '../foundation/classes/select-classes.ts';
import { checkOptions, type OptionKinds } from '../foundation/errors/check-options.ts';
import type { ImageNote, RgbImage } from '../image/decode.ts';
import { type Placement, toOriginal } from '../image/letterbox.ts';
import { type PreparedImage, prepareImage } from '../image/prepare.ts';
import type { ImageSource } from '../image/sources.ts';
import type { AnyModel } from '../models/graph-model.ts';
import type { InputRecipe } from '../models/model.ts';
import { checkOneImage } from '../models/running/image-network.ts';
import type { DetectOptions } from '../options/detect.ts';
import type { RuntimeOptions } from '../options/loading.ts';
import { RESIZE_OPTION } from '../options/loading.ts';
import type { Decoder, Outputs } from './decoders/decoder.ts';
import { type DetectorNetwork, openDetectorNetwork } from './detector-network.ts';
import { decoderView } from './foreign/decoder-view.ts';
import { LOAD_ANY_KINDS, type LoadAnyOptions, loadAnyModel } from './load-any-model.ts';
import { checkDetectOptions, type DetectSettings, settingsOf } from './options.ts';
/** An object found. */
export interface Detection {
  /** Name of the class. */
  readonly label: string;
  /** The label's place in the model's classes. */
  readonly classId: number;
  /** Objectness × class probability, 0–1. */
  readonly score: number;
  /** Left, top, width, height in pixels of the upright image, inside it. */
  readonly box: XywhPx;
}

/** Options of loading a detector. */
export interface LoadDetectorOptions extends LoadAnyOptions {
  /** How images are fitted. @default the model's */
  readonly resize?: Exclude<InputRecipe['resize'], 'crop'> | undefined;
}

export const LOAD_DETECTOR_KINDS: OptionKinds<LoadDetectorOptions> = {
  ...LOAD_ANY_KINDS,
  resize: RESIZE_OPTION,
};

/** Milliseconds each part took. */
export interface DetectTimings {
  /** Reading, decoding and resizing. */
  readonly decode: number;
  /** Running the network. */
  readonly network: number;
  /** Head decoding, suppression and mapping back. */
  readonly boxes: number;
}

/** Detections in one image, and what to know about it. */
export interface DetectionResult {
  /** Best first. */
  readonly detections: readonly Detection[];
  /** Of the upright image, in pixels. */
  readonly width: number;
  /** Of the upright image, in pixels. */
  readonly height: number;
  /** How long the parts took. */
  readonly timings: DetectTimings;
  /** Where nothing was found: what scored best of all that the threshold left out, if it scored over 0.001. */
  readonly bestBelow?: Pick<Detection, 'label' | 'score'>;
  /** The upright image's pixels, where the recipe took decoding it whole. */
  readonly decoded?: RgbImage;
  /** What to know about the image: that its file lacks its end, or how its 16 bits were read. Missing for most. */
  readonly note?: ImageNote;
}

/** Scores that are looked at to say what the threshold left out. */
const LEAST_SCORE = 0.001;

/** Those of which a part lies on the image: not those in a letterbox's border, which would take places of others. */
function onImage(candidates: Candidates, { left, top, width, height }: Placement): Candidates {
  const { boxes } = candidates;
  return candidates.where((index) => {
    const shared = (axis: 0 | 1, from: number, length: number) =>
      Math.min(boxes[4 * index + axis + 2]!, from + length) - Math.max(boxes[4 * index + axis]!, from);
    return shared(0, left, width) > 0 && shared(1, top, height) > 0;
  });
}

/** Finds objects in images. Holds a loaded network: dispose it, or declare it with `await using`. */
export class Detector implements AsyncDisposable {
  /** The model that was loaded. */
  readonly model: AnyModel;
  readonly #network: DetectorNetwork;

  private constructor(model: AnyModel, network: DetectorNetwork) {
    this.model = model;
    this.#network = network;
  }

  /**
   * @param decoder of the outputs, for a graph of a family of its own
   * @throws MicroYoloError `unsupported` where the model is no detector, `invalid-argument` where its parts do not fit
   */
  static async create(model: AnyModel, options: RuntimeOptions = {}, decoder?: Decoder): Promise<Detector> {
    return new Detector(model, await openDetectorNetwork(model, options, decoder));
  }

  /** What runs the network, and where: `onnx on the CPU`. */
  get runtime(): string {
    return this.#network.runtime;
  }

  /** What reads the network's outputs, and the thresholds that go with it. */
  get decoder(): Decoder {
    return this.#network.decoder;
  }

  /**
   * Checks options before any image is touched.
   * @throws MicroYoloError `invalid-argument` naming the option, its value and what is expected
   */
  check(options: DetectOptions): void {
    checkDetectOptions(options, this.model.classes);
  }

  /** Size of the network's input in pixels. */
  get input(): Size {
    return this.#network.input;
  }

  /**
   * Finds the objects in an image, best first.
   * @throws MicroYoloError where the image cannot be read, or an option is out of range
   */
  async detect(source: ImageSource, options: DetectOptions = {}): Promise<readonly Detection[]> {
    return (await this.inspect(source, options)).detections;
  }

  /** Like `detect`, with the image's size and what the parts took. */
  async inspect(source: ImageSource, options: DetectOptions = {}): Promise<DetectionResult> {
    this.check(options);
    const start = performance.now();
    const prepared = await this.prepare(source, options);
    const decode = performance.now() - start;
    return this.inspectPrepared(prepared, options, decode);
  }

  /** Decodes and fits an image for `inspectPrepared`: the half of `inspect` that runs beside others. */
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
    this.check(options);
    const { decoder } = this.#network;
    const settings = settingsOf(options, decoder);
    const { placement, input } = prepared;
    this.#checkPrepared(prepared);

    const given = performance.now();
    const run = this.#network.start(prepared);
    const started = performance.now();
    const outputs = await run();
    const ran = performance.now();
    const { nms, iouThreshold, maxDetections, agnostic, clip } = settings;
    const candidatesOver = (scoreThreshold: number) => {
      const decoded = this.#decode(outputs, placement, input, { ...settings, scoreThreshold });
      return clip ? onImage(decoded, placement) : decoded;
    };
    const candidates = candidatesOver(settings.scoreThreshold);
    const kept = suppress(candidates, nms, { iouThreshold, maxDetections, agnostic });
    const detections = Array.from({ length: kept.count }, (_, index) =>
      this.#detection(kept, index, placement, clip),
    );
    const { width, height } = placement.original;
    const bestBelow =
      kept.count === 0 && settings.scoreThreshold > LEAST_SCORE
        ? this.#best(candidatesOver(LEAST_SCORE))
        : undefined;
    const timings = {
      decode: decode + started - given,
      network: ran - started,
      boxes: performance.now() - ran,
    };
    const { decoded: whole, note } = prepared;
    return {
      detections,
      width,
      height,
      timings,
      ...(bestBelow && { bestBelow }),
      ...(whole && { decoded: whole }),
      ...(note && { note }),
    };
  }

  /**
   * The network alone.
   * @param pixels one image or several, [batch, height, width, 3] of the input's size; a foreign graph takes one
   * @returns the outputs by name: of this library's networks logits [batch, channels, rows, columns] by head
   * @throws MicroYoloError `invalid-argument` for pixels of another length, or where it is disposed
   */
  run(pixels: Uint8Array): Promise<Outputs> {
    return this.#network.run(pixels);
  }

  /** @throws MicroYoloError `invalid-argument` for an image prepared for another size */
  #checkPrepared({ pixels, input }: PreparedImage): void {
    const takesAny = ['native', 'shortest'].includes(this.model.recipe.resize);
    checkOneImage(pixels, takesAny ? input : this.input);
  }

  #decode(outputs: Outputs, placement: Placement, input: Size, settings: DetectSettings): Candidates {
    const { scoreThreshold, classes: labels, multiLabel } = settings;
    const candidates = new Candidates();
    const view = decoderView(placement, input, this.model.classes.length, scoreThreshold, multiLabel);
    this.decoder.decode(outputs, view, (left, top, right, bottom, score, classId) =>
      candidates.add(left, top, right, bottom, score, classId),
    );
    if (labels === undefined) return candidates;
    const selected = new Set(selectClasses(labels, this.model.classes, 'the model'));
    const wanted = this.model.classes.map((label) => selected.has(label));
    const { classIds } = candidates;
    return candidates.where((index) => wanted[classIds[index]!]!);
  }

  #best({ count, scores, classIds }: Candidates): Pick<Detection, 'label' | 'score'> | undefined {
    let best = 0;
    for (let index = 1; index < count; index++) if (scores[index]! > scores[best]!) best = index;
    return count === 0 ? undefined : { label: this.model.classes[classIds[best]!]!, score: scores[best]! };
  }

  #detection(
    { boxes, scores, classIds }: Candidates,
    index: number,
    placement: Placement,
    clip: boolean,
  ): Detection {
    const [left, top, right, bottom] = boxes.subarray(4 * index, 4 * index + 4);
    const box: XyxyPx = toOriginal([left!, top!, right!, bottom!], placement);
    const classId = classIds[index]!;
    return {
      label: this.model.classes[classId]!,
      classId,
      score: scores[index]!,
      box: xyxyToXywh(clip ? clipToImage(box, placement.original) : box),
    };
  }

  /** Frees the network; once is enough. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network[Symbol.asyncDispose]();
  }
}

/**
 * Loads a detector: a `.safetensors` model, a Darknet `.cfg` with its weights, an `.onnx` file of a family that is
 * known (docs/foreign-detectors.md), or a model in memory.
 * @throws MicroYoloError where a file is missing, damaged, or no detector
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
