import type { Dataset } from '../datasets/dataset.ts';
import { checkOptions } from '../foundation/errors/check-options.ts';
import { evaluateCoco } from './coco/coco-eval.ts';
import { type CocoMetrics, categoryMetrics, cocoMetrics } from './coco/coco-metrics.ts';
import type { DetectionList } from './detection-list.ts';
import { explainDetections } from './explain-detections.ts';
import { evaluationInput } from './input.ts';
import { evaluateVoc } from './voc-eval.ts';

/** Figures of one class. */
export interface ClassReport {
  /** Of the category, as in the data set. */
  readonly id: number;
  /** Of the category. */
  readonly name: string;
  /** True boxes, crowds aside. */
  readonly truths: number;
  /** 0–1, or −1 where the class has no true box. */
  readonly AP: number;
  /** Average precision at IoU 0.50, 0–1; −1 if it has no objects. */
  readonly AP50: number;
  /** Average recall with at most 100 detections an image, 0–1; −1 if it has no objects. */
  readonly AR100: number;
}

/** The numbers of detections against a dataset. */
export interface DetectionReport {
  /** Number of images. */
  readonly images: number;
  /** Without crowds. */
  readonly truths: number;
  /** Number of detections that count. */
  readonly detections: number;
  /** COCO's twelve numbers, 0–1. */
  readonly metrics: CocoMetrics;
  /** Pascal VOC's average precision at IoU 0.5, which Darknet quotes. */
  readonly voc50: {
    /** As VOC 2007 computes it, 0–1. */
    readonly elevenPoint: number;
    /** As VOC 2010 and Darknet compute it, 0–1. */
    readonly allPoints: number;
  };
  /** In the order of the data set's categories. */
  readonly perClass: readonly ClassReport[];
  /** What figures do not say: what of the detections counts for nothing, and why figures are low. A line each. */
  readonly notes: readonly string[];
  /** Detections that count for nothing: of images or classes that the data lacks, or with negative sides. */
  readonly leftOut: number;
  /** Whether boxes or classes cannot be meant as they are read; `notes` say what they look like. */
  readonly misread: boolean;
}

/** Truths that VOC's evaluation leaves out: crowds, and objects marked difficult where the data marks any. */
function difficultOrCrowd({ annotations }: Dataset): Uint8Array {
  const { crowd } = annotations;
  // Extra fields are read from the file anew for each row.
  if (!annotations.mayHave('difficult')) return crowd;
  return crowd.map((value, row) => (value || Number(annotations.extraOf(row)['difficult']) === 1 ? 1 : 0));
}

/**
 * Evaluates detections against a dataset.
 * @param source of the detections, for messages
 * @param options.ownBoxes the boxes are a detector's of this library: other readings of them are not tried. @default false
 * @throws MicroYoloError `invalid-file` naming the first detection of an image that the dataset has not
 */
export function evaluateDetections(
  dataset: Dataset,
  detections: DetectionList,
  source = 'detections',
  options: { readonly ownBoxes?: boolean } = {},
): DetectionReport {
  checkOptions('evaluateDetections options', options, { ownBoxes: 'boolean' });
  const { ownBoxes = false } = options;
  const input = evaluationInput(dataset, detections, source);
  const evaluation = evaluateCoco(input);
  const { elevenPoint, allPoints } = evaluateVoc(input, { ignored: difficultOrCrowd(dataset) });
  const truths = new Map<number, number>();
  const { annotations } = dataset;
  for (let row = 0; row < annotations.count; row++) {
    if (annotations.crowd[row]) continue;
    const id = dataset.categories[annotations.categories[row]!]!.id;
    truths.set(id, (truths.get(id) ?? 0) + 1);
  }
  const metrics = cocoMetrics(evaluation);
  const names = new Map(dataset.categories.map(({ id, name }) => [id, name]));
  return {
    images: dataset.images.length,
    truths: [...truths.values()].reduce((sum, number) => sum + number, 0),
    detections: detections.count,
    metrics,
    voc50: { elevenPoint, allPoints },
    perClass: categoryMetrics(evaluation).map(({ categoryId, ...metrics }) => ({
      id: categoryId,
      name: names.get(categoryId)!,
      truths: truths.get(categoryId) ?? 0,
      ...metrics,
    })),
    ...explainDetections(dataset, detections, metrics.AP50, { ownBoxes }),
  };
}
