import type { Value } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';

/** Outputs of every step that are no state; each is one number. */
export const METRICS = ['loss', 'gradientNorm', 'finite'] as const;

/**
 * Outputs of some steps: the parts of a detector's loss, and how many anchor cells answer for a truth; the
 * distances to a teacher and its maps, of those that have one; the batch's truths and how many of them an anchor
 * cell answers for, of those whose graph assigns (of dense targets the batch itself knows); the share of images
 * that a classifier tells right.
 */
export const OBJECTIVE_METRICS = [
  'loss.box',
  'loss.objectness',
  'loss.classes',
  'positives',
  'loss.distill',
  'loss.hint',
  'truthCount',
  'assigned',
  'accuracy',
] as const;

export type ObjectiveMetric = (typeof OBJECTIVE_METRICS)[number];
/** Name of a figure that a step reports. */
export type Metric = (typeof METRICS)[number] | ObjectiveMetric;

/** What a training step makes small. */
export interface Objective {
  /** One element. */
  readonly loss: Value;
  /** One element each. */
  readonly metrics: Readonly<Partial<Record<ObjectiveMetric, Value | undefined>>>;
  /** What is trained beside the network, and left out of the model. */
  readonly parameters: readonly Parameter[];
}
