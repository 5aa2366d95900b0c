import type { GraphBuilder } from '../builder.ts';
import type { Operation, Value } from '../operations.ts';

/** Gradients of a node's inputs, in their order; undefined where none flows. */
export type InputGradients = readonly (Value | undefined)[];

/** What a gradient rule may use: the node, its inputs and outputs, and the gradient of its first output. */
export interface Rule<T extends Operation = Operation> {
  readonly graph: GraphBuilder;
  readonly operation: T;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly dy: Value;
  /** Which inputs' gradients are asked for. */
  readonly needed: readonly boolean[];
}

/** Size of an axis that a rule must know. */
export function fixed(value: Value, axis: number): number {
  const size = value.shape[axis];
  if (typeof size !== 'number') throw new Error('gradients need a graph with a known batch size');
  return size;
}
