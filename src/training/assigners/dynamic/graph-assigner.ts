import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import type { Predictions } from './predictions.ts';
import type { PaddedTruths } from './truths.ts';

/** Which predictions answer for which truths. */
export interface PairAssignment {
  /** [N, M, P]: 1 where a prediction is a truth's, at most once a prediction; else 0. */
  readonly owner: Value;
  /** How well each prediction answers for its truth, 0–1, and 0 for those without, [N, 1, P]. */
  readonly quality: Value;
}

/** Decides from predictions which of them answer for a truth, as operations. */
export type GraphAssigner = (
  graph: GraphBuilder,
  predictions: Predictions,
  truths: PaddedTruths,
) => PairAssignment;
