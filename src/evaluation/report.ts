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
  /** Category id, as in the data set. */
  readonly id: number;
  /** Category name. */
  readonly name: string;
  /** Number of true boxes, without crowds. */
  readonly truths: number;
  /** Mean over IoU 0.50–0.95, 0–1; −1 if the class has no true boxes. */
  readonly AP: number;
  /** Average precision at IoU 0.50, 0–1; −1 if it has no objects. */
  readonly AP50: number;
  /** Average recall with at most 100 detections per image, 0–1; −1 if the class has no objects. */
  readonly AR100: number;
}

/** Figures of detections on a data set. */
export interface DetectionReport {
  /** Number of images. */
  readonly images: number;
  /** Number of true boxes, without crowds. */
  readonly truths: number;
  /** Number of detections that count. */
  readonly detections: number;
  /** COCO's twelve metrics, 0–1. */
  readonly metrics: CocoMetrics;
  /** Pascal VOC's average precision at IoU 0.5, which Darknet reports. */
  readonly voc50: {
    /** Average precision as in VOC 2007, 0–1. */
    readonly elevenPoint: number;
    /** Average precision as in VOC 2010 and Darknet, 0–1. */
    readonly allPoints: number;
  };
  /** Figures of each class, in the order of the data set's categories. */
  readonly perClass: readonly ClassReport[];
  /** Notes on detections that do not count, and on why figures are low. One line each. */
  readonly notes: readonly string[];
  /**
   * Number of detections that do not count: those of images or classes that are not in the data, or with negative
   * sides.
   */
  readonly leftOut: number;
  /** Whether boxes or class ids seem to be in another format. `notes` say which. */
  readonly misread: boolean;
}

/** Truths that VOC's evaluation ignores: crowds, and objects marked as difficult. */
function difficultOrCrowd({ annotations }: Dataset): Uint8Array {
  const { crowd } = annotations;
  // Extra fields are parsed again for each row, which is slow.
  if (!annotations.mayHave('difficult')) return crowd;
  return crowd.map((value, row) => (value || Number(annotations.extraOf(row)['difficult']) === 1 ? 1 : 0));
}

/**
 * Evaluates detections on a data set.
 * @param source name of the detections, for messages
 * @param options.ownBoxes whether the boxes come from a detector of this library. Their format is then not
 * questioned.
 * @default false
 * @throws MicroYoloError `invalid-file` naming the first detection of an image that is not in the data set
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
    detections: input.detections.count,
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
