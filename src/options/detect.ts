import type { Size } from '../boxes/formats.ts';
import { NMS_METHODS, type NmsMethod } from '../boxes/nms/methods.ts';
import { defaultsOf, type OptionTable } from '../foundation/errors/option-row.ts';

/** Options for detection. */
export interface DetectOptions {
  /** Score threshold, 0–1. Only detections with a higher score are kept. @default 0.25 */
  readonly scoreThreshold?: number | undefined;
  /**
   * IoU threshold of suppression, 0–1. Of two boxes of a class with a higher IoU, the lower-scoring one is dropped.
   * @default the model's, usually 0.45
   */
  readonly iouThreshold?: number | undefined;
  /** How overlapping boxes are suppressed. @default 'greedy' */
  readonly nms?: NmsMethod | undefined;
  /** Maximum number of detections per image, 1–1,000,000. The best ones are kept. @default 100 */
  readonly maxDetections?: number | undefined;
  /**
   * Classes to keep. A string that is not a label is read as a list of labels separated by commas. COCO's and
   * Darknet's names are synonyms, such as `couch` and `sofa`.
   * @default all
   */
  readonly classes?: readonly string[] | undefined;
  /** Whether boxes of different classes suppress each other. @default false */
  readonly agnostic?: boolean | undefined;
  /**
   * Whether a box is detected once for each class above the threshold, instead of only for its best class.
   * @default the model's
   */
  readonly multiLabel?: boolean | undefined;
  /** Whether boxes are clipped at the image's edges. @default true */
  readonly clip?: boolean | undefined;
  /** Maximum size of an image in pixels. Larger images are rejected. @default 100,000,000; with tiles 1,000,000,000 */
  readonly maxPixels?: number | undefined;
  /**
   * Size of tiles in image pixels: a side or width and height. Detects in the whole image and in each tile, which
   * finds smaller objects. Boxes are merged across tiles. @default no tiles
   */
  readonly tile?: number | Size | undefined;
  /**
   * Overlap of neighboring tiles as a share of a tile's side, 0–0.9. Objects up to the size of the overlap are whole in
   * at least one tile. @default 0.2
   */
  readonly overlap?: number | undefined;
}

/** Options for detection in one image. */
export interface DetectOneOptions extends DetectOptions {
  /** Aborts the work: before decoding, before the network, or between tiles. `detect` then throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/** The detection options. Rows with `evaluated` are also options of evaluation. */
export const DETECT_OPTIONS = {
  scoreThreshold: {
    kind: 'number',
    range: [0, 1],
    default: 0.25,
    about: 'keep detections with a score above this',
    flag: { short: 't', value: '<0-1>' },
    evaluated: true,
  },
  iouThreshold: {
    kind: 'number',
    range: [0, 1],
    about: 'of two boxes of a class with an IoU above this, drop the one with the lower score',
    otherwise: "the model's, usually 0.45",
    flag: { name: 'iou', value: '<0-1>' },
    evaluated: true,
  },
  nms: {
    kind: 'string',
    choices: NMS_METHODS,
    default: 'greedy',
    about: 'suppression method',
    flag: { value: '<method>' },
    evaluated: true,
  },
  maxDetections: {
    kind: 'number',
    range: [1, 1_000_000],
    whole: true,
    default: 100,
    about: 'maximum detections per image',
    flag: { value: '<n>' },
    evaluated: true,
  },
  classes: {
    kind: 'strings',
    about:
      'keep only these classes: names separated by commas; put names with commas in "double quotes"; repeatable',
    flag: { value: '<names>' },
  },
  agnostic: {
    kind: 'boolean',
    default: false,
    about: 'one label per object: of overlapping boxes, keep the best, even if their classes differ',
    flag: {},
  },
  multiLabel: {
    kind: 'boolean',
    about: 'count a box once for each class above the threshold',
    otherwise: "the model's",
  },
  clip: { kind: 'boolean', default: true, about: "clip boxes at the image's edges" },
  maxPixels: {
    kind: 'number',
    range: [1, Number.MAX_SAFE_INTEGER],
    whole: true,
    about: 'maximum image size in pixels',
    otherwise: '100,000,000',
  },
  tile: {
    kind: 'size',
    about: 'also detect in tiles of this size: a side, or WIDTHxHEIGHT',
    otherwise: 'no tiles',
    flag: { value: '<px>' },
    evaluated: true,
  },
  overlap: {
    kind: 'number',
    range: [0, 0.9],
    about: 'share of a tile that overlaps with its neighbor',
    otherwise: '0.2',
    flag: { value: '<0-0.9>' },
    evaluated: true,
  },
} as const satisfies OptionTable<DetectOptions, { readonly evaluated?: true }>;

/** Defaults for detection. A model's own defaults override them. */
export const DETECT_DEFAULTS = { ...defaultsOf(DETECT_OPTIONS), iouThreshold: 0.45 } as const;
