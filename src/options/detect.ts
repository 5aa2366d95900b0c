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
  /** Larger images are refused, in pixels. @default 100,000,000 */
  readonly maxPixels?: number | undefined;
}

/** Rows with `evaluated` are options of evaluating too. */
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
    about: 'suppress the lower-scoring of two boxes of a class if their IoU is above this',
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
  agnostic: { kind: 'boolean', default: false, about: 'also suppress boxes of other classes', flag: {} },
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
} as const satisfies OptionTable<DetectOptions, { readonly evaluated?: true }>;

/** Of detecting. The model's own come before them. */
export const DETECT_DEFAULTS = { ...defaultsOf(DETECT_OPTIONS), iouThreshold: 0.45 } as const;
