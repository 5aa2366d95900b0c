/**
 * What an evaluation compares, in columns rather than objects: a number a box and column, which is what
 * makes hundreds of thousands of boxes cheap.
 */

import type { AnnotationTable } from '../datasets/dataset.ts';

/** True boxes: a dataset's annotations, with ids, areas and crowds. */
export type TruthTable = Omit<AnnotationTable, 'extraOf' | 'mayHave'>;

/** Scored boxes. */
export interface DetectionTable extends Pick<AnnotationTable, 'count' | 'images' | 'categories' | 'boxes'> {
  /** Of each detection, 0–1. */
  readonly scores: Float64Array;
  /** What area ranges sort by. @default width × height */
  readonly areas?: Float64Array | undefined;
}

/** All that COCO's evaluation needs. */
export interface EvaluationInput {
  /** Ascending, as pycocotools visits them: the order decides between equal scores. */
  readonly imageIds: readonly number[];
  /** Ascending. */
  readonly categoryIds: readonly number[];
  /** What is there. */
  readonly truths: TruthTable;
  /** Its detections, with details. */
  readonly detections: DetectionTable;
}
