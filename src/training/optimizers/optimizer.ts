import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { ParameterGroup } from './parameters.ts';

/** A parameter, or several vectors joined to one, and its gradient, already clipped. */
export interface Update {
  readonly value: Value;
  readonly gradient: Value;
  /** The state kept beside the parameter, by its name in `Optimizer.kept`; it has the parameter's shape. */
  readonly kept: (name: string) => Value;
  readonly group: ParameterGroup;
  /** Scalar 0 or 1. If it is 0, nothing may change, such as in steps that only accumulate gradients. */
  readonly apply: Value | undefined;
}

/** Name of an optimizer's state tensor for a parameter. */
export const keptName = (kept: string, parameter: string) => `${kept}/${parameter}`;

/** The next value of the parameter, and the next state by its name in `Optimizer.kept`. */
export interface Updated {
  readonly value: Value;
  readonly kept: Readonly<Record<string, Value>>;
}

export interface Optimizer {
  /** Name, for people. */
  readonly about: string;
  /** Default weight decay. */
  readonly weightDecay: number;
  /** Names of the state tensors for each parameter. They start at 0. */
  readonly kept: readonly string[];
  /** Records the update. `scalar` returns the input with shape [] of a name. */
  update(graph: GraphBuilder, scalar: (name: string) => Value, update: Update): Updated;
}

/** Name of the scalar input for a group's learning rate. */
export const learningRateInput = (group: ParameterGroup) => `learningRate.${group}`;

/** x + factor·y, for a scalar factor. */
export function scaledSum(graph: GraphBuilder, x: Value, y: Value, factor: Value): Value {
  return graph.binary('add', x, graph.binary('multiply', y, factor));
}

/** The scalar if `apply` is 1 or undefined, otherwise `neutral`. */
export function gated(graph: GraphBuilder, value: Value, apply: Value | undefined, neutral: 0 | 1): Value {
  if (!apply) return value;
  const gatedToZero = graph.binary('multiply', value, apply);
  return neutral === 0 ? gatedToZero : graph.binary('add', gatedToZero, graph.linear(apply, -1, 1));
}
