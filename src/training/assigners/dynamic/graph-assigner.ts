import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import type { Predictions } from './predictions.ts';
import type { PaddedTruths } from './truths.ts';

/** Assignment of predictions to truths. */
export interface PairAssignment {
  /** [N, M, P]: 1 if the prediction is assigned to the truth, otherwise 0. Each prediction has at most one truth. */
  readonly owner: Value;
  /** [N, 1, P]: how well each prediction matches its truth, 0–1; 0 for unassigned predictions. */
  readonly quality: Value;
}

/** Assigns predictions to truths, as graph operations. */
export type GraphAssigner = (
  graph: GraphBuilder,
  predictions: Predictions,
  truths: PaddedTruths,
) => PairAssignment;
