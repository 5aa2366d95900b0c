import type { Value } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';

/** Metrics that every step outputs, one number each. */
export const METRICS = ['loss', 'gradientNorm', 'finite'] as const;

/**
 * Metrics that some steps output, one number each:
 * - `loss.box`, `loss.objectness`, `loss.classes`: loss terms
 * - `positives`: number of anchor cells with an assigned truth
 * - `loss.distill`, `loss.hint`: distances to a teacher and to its feature maps
 * - `truthCount`, `assigned`: number of truths, and of those with an anchor cell, if the graph assigns
 * - `accuracy`: share of images that a classifier gets right
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

/** What a training step minimizes. */
export interface Objective {
  /** Total loss, one element. */
  readonly loss: Value;
  /** Metrics, one element each. */
  readonly metrics: Readonly<Partial<Record<ObjectiveMetric, Value | undefined>>>;
  /** Additional trained parameters that are not part of the model. */
  readonly parameters: readonly Parameter[];
}
