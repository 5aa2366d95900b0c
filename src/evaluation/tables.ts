/**
 * Input of evaluations, in columns rather than objects, which makes hundreds of thousands of boxes cheap.
 */

import type { AnnotationTable } from '../datasets/dataset.ts';

/** True boxes: a data set's annotations, with ids, areas and crowds. */
export type TruthTable = Omit<AnnotationTable, 'extraOf' | 'mayHave'>;

/** Scored boxes. */
export interface DetectionTable extends Pick<AnnotationTable, 'count' | 'images' | 'categories' | 'boxes'> {
  /** Score of each detection, 0–1. */
  readonly scores: Float64Array;
  /** Areas that area ranges compare. @default width × height */
  readonly areas?: Float64Array | undefined;
}

/** Input of COCO's evaluation. */
export interface EvaluationInput {
  /** Image ids, ascending as in pycocotools. The order decides between equal scores. */
  readonly imageIds: readonly number[];
  /** Category ids, ascending. */
  readonly categoryIds: readonly number[];
  /** The true boxes. */
  readonly truths: TruthTable;
  /** The detections. */
  readonly detections: DetectionTable;
}
