import type { GraphBuilder } from '../../graph/builder.ts';
import { gradients } from '../../graph/gradients/gradients.ts';
import type { Value } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';
import { stateName } from '../optimizers/parameters.ts';

/** Gives a step's scalar by its name, an input of the graph. */
export type Scalar = (name: string) => Value;

/** Gradients of an update, before they are scaled. */
export interface SummedGradients {
  /** One of each trained parameter, in their order. */
  readonly gradients: readonly Value[];
  /** The next state of the sums, by name; none without accumulation. */
  readonly next: readonly (readonly [name: string, value: Value])[];
}

/**
 * Gradients of the loss, summed over the steps of an update if there is `apply`: 1 in the step that makes the update,
 * which empties the sums, else 0.
 */
export function summedGradients(
  graph: GraphBuilder,
  loss: Value,
  trained: readonly Pick<Parameter, 'name' | 'shape'>[],
  weights: readonly Value[],
  apply: Value | undefined,
): SummedGradients {
  const next: (readonly [string, Value])[] = [];
  const summed = gradients(graph, loss, weights).map((gradient, index) => {
    if (!apply) return gradient;
    const { name, shape } = trained[index]!;
    const sum = graph.binary('add', graph.parameter(stateName.accumulated(name), shape), gradient);
    next.push([stateName.accumulated(name), graph.binary('multiply', sum, graph.linear(apply, -1, 1))]);
    return sum;
  });
  return { gradients: summed, next };
}

function globalNorm(graph: GraphBuilder, values: readonly Value[]): Value {
  const squares = values.map((value) => graph.reshape(graph.reduce('sumOfSquares', value), [1]));
  const all = graph.apply({ op: 'concat', axis: 0 }, ...squares);
  return graph.unary('sqrt', graph.reshape(graph.reduce('sum', all), []));
}

/** What gradients are multiplied by, and their norm before clipping. */
export interface GradientScale {
  readonly norm: Value;
  /** Undefined if they stay as they are. */
  readonly scale: Value | undefined;
}

/**
 * The mean over the steps of an update, clipped to a global norm of at most the scalar `clipNorm`.
 * @param accumulate whether gradients are sums: the scalar `share` makes them means
 */
export function gradientScale(
  graph: GraphBuilder,
  summed: readonly Value[],
  scalar: Scalar,
  { accumulate, clip }: { readonly accumulate: boolean; readonly clip: boolean },
): GradientScale {
  const share = accumulate ? scalar('share') : undefined;
  const sum = globalNorm(graph, summed);
  const norm = share ? graph.binary('multiply', sum, share) : sum;
  if (!clip) return { norm, scale: share };
  const most = graph.binary('divide', scalar('clipNorm'), graph.linear(norm, 1, 1e-6));
  const clipping = graph.binary('minimum', most, graph.constant(1));
  return { norm, scale: share ? graph.binary('multiply', share, clipping) : clipping };
}
