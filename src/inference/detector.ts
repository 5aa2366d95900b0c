import { Candidates } from '../boxes/candidates.ts';
import { decodeHead, type DecodeOptions as HeadDecodeOptions } from '../boxes/decode-heads.ts';
import { clipToImage, type Size, type XywhPx, type XyxyPx, xyxyToXywh } from '../boxes/formats.ts';
import { suppress } from '../boxes/nms/suppress.ts';
import { checkChoice } from '../check-range.ts';
import { MicroYoloError } from '../errors.ts';
import type { RgbImage } from '../image/decode.ts';
import { type Placement, toOriginal } from '../image/letterbox.ts';
import { type PreparedImage, prepareImage } from '../image/prepare.ts';
import type { ImageSource } from '../image/sources.ts';
import { checkModel } from '../model/check-model.ts';
import type { InputRecipe, Model } from '../model/model.ts';
import { type Network, outputLayers, type RegionLayer, type YoloLayer } from '../network/layers.ts';
import { inferShapes } from '../network/shapes.ts';
import type { SessionTensor } from '../runtime/node.ts';
import { checkOneImage, ImageNetwork } from './image-network.ts';
import { type LoadOptions, loadSized } from './load-sized.ts';
import { checkDetectOptions, type DetectOptions, type DetectSettings, settingsOf } from './options.ts';
import type { RuntimeOptions } from './runtimes.ts';
import { selectClasses } from './select-classes.ts';

/** An object found. */
export interface Detection {
  readonly label: string;
  /** The label's place in the model's classes. */
  readonly classId: number;
  /** Objectness × class probability, 0–1. */
  readonly score: number;
  /** Left, top, width, height in pixels of the upright image, inside it. */
  readonly box: XywhPx;
}

export interface LoadDetectorOptions extends LoadOptions {
  /** How images are fitted. @default the model's */
  readonly resize?: Exclude<InputRecipe['resize'], 'crop'> | undefined;
}

/** Milliseconds each part took. */
export interface DetectTimings {
  /** Reading, decoding and resizing. */
  readonly decode: number;
  readonly network: number;
  /** Head decoding, suppression and mapping back. */
  readonly boxes: number;
}

export interface DetectionResult {
  /** Best first. */
  readonly detections: readonly Detection[];
  /** Of the upright image, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly timings: DetectTimings;
  /** The upright image's pixels, where the recipe took decoding it whole. */
  readonly decoded?: RgbImage;
}

function detectionHeads(network: Network): readonly (YoloLayer | RegionLayer)[] {
  const outputs = outputLayers(network);
  const heads = outputs.filter((layer) => layer.type !== 'classes');
  if (heads.length === 0 || heads.length !== outputs.length) {
    throw new MicroYoloError(
      'unsupported',
      `${network.name}: no detector, it has no yolo or region output; give a detection model`,
    );
  }
  return heads;
}

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
  readonly model: Model;
  readonly #network: ImageNetwork;
  readonly #heads: readonly (YoloLayer | RegionLayer)[];
  readonly #rows: ReadonlyMap<string, readonly [channels: number, height: number, width: number]>;

  private constructor(model: Model, network: ImageNetwork) {
    this.model = model;
    this.#network = network;
    this.#heads = detectionHeads(model.network);
    this.#rows = inferShapes(model.network);
  }

  /** @throws MicroYoloError `unsupported` where the model is no detector, `invalid-argument` where its parts do not fit */
  static async create(model: Model, options: RuntimeOptions = {}): Promise<Detector> {
    detectionHeads(model.network);
    checkModel(model);
    return new Detector(model, await ImageNetwork.open(model, options));
  }

  /** What runs the network, and where: `onnx on the CPU`. */
  get runtime(): string {
    return this.#network.runtime;
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
    const settings = settingsOf(options);
    const { placement, pixels } = prepared;
    checkOneImage(pixels, this.input);

    const started = performance.now();
    const outputs = await this.run(pixels);
    const ran = performance.now();
    const { nms, iouThreshold, maxDetections, agnosticNms: agnostic, clip } = settings;
    const decoded = this.#decode(outputs, settings);
    const candidates = clip ? onImage(decoded, placement) : decoded;
    const kept = suppress(candidates, nms, { iouThreshold, maxDetections, agnostic });
    const detections = Array.from({ length: kept.count }, (_, index) =>
      this.#detection(kept, index, placement, clip),
    );
    const { width, height } = placement.original;
    const timings = { decode, network: ran - started, boxes: performance.now() - ran };
    return { detections, width, height, timings, ...(prepared.decoded ? { decoded: prepared.decoded } : {}) };
  }

  /**
   * The network alone.
   * @param pixels one image or several, [batch, height, width, 3] of the input's size
   * @returns logits [batch, channels, rows, columns] by head
   * @throws MicroYoloError `invalid-argument` for pixels of another length, or where it is disposed
   */
  async run(pixels: Uint8Array): Promise<Readonly<Record<string, SessionTensor>>> {
    return this.#network.run(pixels);
  }

  #decode(
    outputs: Readonly<Record<string, SessionTensor>>,
    { scoreThreshold, classes: labels }: DetectSettings,
  ): Candidates {
    const candidates = new Candidates();
    const { width, height } = this.input;
    const options: HeadDecodeOptions = { inputWidth: width, inputHeight: height, scoreThreshold };
    for (const head of this.#heads) {
      const [, rows, columns] = this.#rows.get(head.name)!;
      const { classes, anchors } = head;
      const form = head.type === 'yolo' ? { scaleXY: head.scaleXY } : { softmax: head.softmax };
      const data = outputs[head.name]!.data as Float32Array;
      decodeHead(
        { kind: head.type, data, offset: 0, height: rows, width: columns, classes, anchors, ...form },
        options,
        candidates,
      );
    }
    if (labels === undefined) return candidates;
    const wanted = selectClasses(labels, this.model.classes);
    const { classIds } = candidates;
    return candidates.where((index) => wanted[classIds[index]!]!);
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
 * Loads a detector: a `.safetensors` model, a Darknet `.cfg` with its weights, or a model in memory.
 * @throws MicroYoloError where a file is missing, damaged, or no detector
 */
export async function loadDetector(
  model: string | Model,
  options: LoadDetectorOptions = {},
): Promise<Detector> {
  const { resize } = options;
  if (resize !== undefined) checkChoice('resize', resize, ['letterbox', 'stretch']);
  const loaded = await loadSized(model, options);
  const recipe = resize === undefined ? loaded.recipe : { ...loaded.recipe, resize };
  return Detector.create({ ...loaded, recipe }, options);
}
