import { defaultsOf, pickRows } from '../foundation/errors/option-row.ts';
import { DETECT_OPTIONS, type DetectOptions } from './detect.ts';

/** Names of the detection options that evaluation also has. */
type Evaluated = {
  [Name in keyof typeof DETECT_OPTIONS]: (typeof DETECT_OPTIONS)[Name] extends { readonly evaluated: true }
    ? Name
    : never;
}[keyof typeof DETECT_OPTIONS];

/** Detection options for evaluation. */
export interface EvaluatedOptions extends Pick<DetectOptions, Exclude<Evaluated, 'scoreThreshold'>> {
  /** Score threshold, 0–1. Only detections with a higher score are kept. @default 0.001 */
  readonly scoreThreshold?: number | undefined;
}

const shared = (Object.keys(DETECT_OPTIONS) as (keyof typeof DETECT_OPTIONS)[]).filter(
  (name): name is Evaluated => 'evaluated' in DETECT_OPTIONS[name],
);

/** The detection options of evaluation. Nearly every box counts, as is usual for mAP. */
export const EVALUATED_OPTIONS = {
  ...pickRows(DETECT_OPTIONS, shared),
  scoreThreshold: { ...DETECT_OPTIONS.scoreThreshold, default: 0.001 },
} as const;

/** Defaults for evaluation, as usual for mAP: nearly every box counts, up to 100 per image. */
export const EVALUATE_DEFAULTS = { ...defaultsOf(EVALUATED_OPTIONS), iouThreshold: 0.45 } as const;

/** The options that only evaluation has. */
export const EVALUATE_OPTIONS = {
  data: {
    kind: 'string',
    required: true,
    about:
      'COCO .json, dataset .yaml, Darknet .data, YOLO data.yaml, or a folder: Pascal VOC, SPLIT/CLASS/IMAGE, CIFAR',
    flag: { short: 'd', value: '<path>' },
  },
  model: {
    kind: 'string',
    about: 'model: .safetensors (path or https address), a Darknet .cfg, an .onnx detector, or a name',
    flag: { short: 'm', value: '<file>' },
  },
  results: {
    kind: 'string',
    about: "detections in pycocotools' format, or the output of detect --json, instead of a model",
    flag: { value: '<file>' },
  },
  split: {
    kind: 'string',
    about: 'split to evaluate on',
    otherwise: 'val, or the only one',
    flag: { value: '<name>' },
  },
  imageFolder: {
    kind: 'string',
    about: 'folder of the images',
    otherwise: 'that of the data set',
    flag: { value: '<folder>' },
  },
  saveJson: {
    kind: 'string',
    about: "write the detections in pycocotools' format",
    flag: { value: '<file>' },
  },
  report: {
    kind: 'string',
    about: "write a report that explains a detector's figures",
    flag: { value: '<folder>' },
  },
  baseline: {
    kind: 'string',
    about: "another model's detections (--save-json) to compare with in the report",
    flag: { value: '<file>' },
  },
} as const;
