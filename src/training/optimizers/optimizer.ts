import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { ParameterGroup } from './parameters.ts';

/** A parameter and its gradient, already clipped. */
export interface Update {
  readonly name: string;
  readonly value: Value;
  readonly gradient: Value;
  readonly group: ParameterGroup;
  /** Scalar 0 or 1: with 0 nothing may change, as between two steps that accumulate. */
  readonly apply: Value | undefined;
}

/** The name of what an optimizer keeps beside a parameter. */
export const keptName = (kept: string, parameter: string) => `${kept}/${parameter}`;

/** What changes: next states by the names of the tensors, the parameter among them. */
export type Updated = ReadonlyMap<string, Value>;

export interface Optimizer {
  /** Its name for people. */
  readonly about: string;
  /** Its weight decay, unless a run says otherwise. */
  readonly weightDecay: number;
  /** Names of what it keeps beside each parameter, which a run begins at 0. */
  readonly kept: readonly string[];
  /** Records the update. Scalars are graph inputs [], read by name. */
  update(graph: GraphBuilder, scalar: (name: string) => Value, update: Update): Updated;
}

/** Name of the scalar that holds a group's learning rate. */
export const learningRateInput = (group: ParameterGroup) => `learningRate.${group}`;

/** x + factor·y, of a scalar factor. */
export function scaledSum(graph: GraphBuilder, x: Value, y: Value, factor: Value): Value {
  return graph.binary('add', x, graph.binary('multiply', y, factor));
}

/** The scalar where `apply` is 1 or absent, else `neutral`. */
export function gated(graph: GraphBuilder, value: Value, apply: Value | undefined, neutral: 0 | 1): Value {
  if (!apply) return value;
  const gatedToZero = graph.binary('multiply', value, apply);
  return neutral === 0 ? gatedToZero : graph.binary('add', gatedToZero, graph.linear(apply, -1, 1));
}
