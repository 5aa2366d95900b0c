import type { Size } from '../boxes/formats.ts';
import { NMS_METHODS, type NmsMethod } from '../boxes/nms/suppress.ts';
import { defaultsOf, type OptionTable } from '../foundation/errors/option-row.ts';

/** What counts as a detection. */
export interface DetectOptions {
  /** Detections score more than this, 0–1. @default 0.25 */
  readonly scoreThreshold?: number | undefined;
  /** Of two boxes of a class that overlap by more than this (IoU, 0–1), the worse goes. @default the model's, mostly 0.45 */
  readonly iouThreshold?: number | undefined;
  /** How overlapping boxes are thinned out. @default 'greedy' */
  readonly nms?: NmsMethod | undefined;
  /** The best so many are kept, 1–1,000,000. @default 100 */
  readonly maxDetections?: number | undefined;
  /**
   * Only these labels; a text that is no label is a list of them, separated by commas. COCO's and Darknet's names mean the
   * same, such as `couch` and `sofa`. @default all
   */
  readonly classes?: readonly string[] | undefined;
  /** Whether boxes of different classes suppress each other. @default false */
  readonly agnostic?: boolean | undefined;
  /** Whether a box counts once for each class that scores enough, not for its best only. @default the model's */
  readonly multiLabel?: boolean | undefined;
  /** Whether boxes are cut at the image's edges. @default true */
  readonly clip?: boolean | undefined;
  /** Larger images are refused, in pixels. @default 100,000,000; with tiles 1,000,000,000 */
  readonly maxPixels?: number | undefined;
  /**
   * Looks at the image in tiles of this size too, in its pixels: a side or width and height. Finds objects that are too small
   * in the whole image. Boxes are merged across tiles. @default no tiles
   */
  readonly tile?: number | Size | undefined;
  /** Share of a tile's side that neighbors have in common, 0–0.9: an object as large is whole in one of them. @default 0.2 */
  readonly overlap?: number | undefined;
}

/** Rows with `evaluated` are options of evaluating too. */
export const DETECT_OPTIONS = {
  scoreThreshold: {
    kind: 'number',
    range: [0, 1],
    default: 0.25,
    about: 'keep detections that score more than this',
    flag: { short: 't', value: '<0-1>' },
    evaluated: true,
  },
  iouThreshold: {
    kind: 'number',
    range: [0, 1],
    about: 'suppress the lower-scoring of two boxes of a class if their IoU is higher',
    otherwise: "the model's, mostly 0.45",
    flag: { name: 'iou', value: '<0-1>' },
    evaluated: true,
  },
  nms: {
    kind: 'string',
    choices: NMS_METHODS,
    default: 'greedy',
    about: 'how boxes are suppressed',
    flag: { value: '<method>' },
    evaluated: true,
  },
  maxDetections: {
    kind: 'number',
    range: [1, 1_000_000],
    whole: true,
    default: 100,
    about: 'most detections per image',
    flag: { value: '<n>' },
    evaluated: true,
  },
  classes: {
    kind: 'strings',
    about: 'keep only these: names separated by commas, one with commas in "double quotes"; repeatable',
    flag: { value: '<names>' },
  },
  agnostic: { kind: 'boolean', default: false, about: 'suppress boxes across classes too', flag: {} },
  multiLabel: {
    kind: 'boolean',
    about: 'count a box for each class that scores enough',
    otherwise: "the model's",
  },
  clip: { kind: 'boolean', default: true, about: "cut boxes at the image's edges" },
  maxPixels: {
    kind: 'number',
    range: [1, Number.MAX_SAFE_INTEGER],
    whole: true,
    about: 'refuse larger images, in pixels',
    otherwise: '100,000,000',
  },
  tile: {
    kind: 'size',
    about: 'look at the image in tiles of this size too: a side, or WIDTHxHEIGHT',
    otherwise: 'no tiles',
    flag: { value: '<px>' },
    evaluated: true,
  },
  overlap: {
    kind: 'number',
    range: [0, 0.9],
    about: 'share of a tile that neighbors have in common',
    otherwise: '0.2',
    flag: { value: '<0-0.9>' },
    evaluated: true,
  },
} as const satisfies OptionTable<DetectOptions, { readonly evaluated?: true }>;

/** Of detecting. The model's own come before them. */
export const DETECT_DEFAULTS = { ...defaultsOf(DETECT_OPTIONS), iouThreshold: 0.45 } as const;
