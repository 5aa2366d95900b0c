import type { GraphBuilder } from '../../graph/builder.ts';
import { gradients } from '../../graph/gradients/gradients.ts';
import type { Value } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';
import { parameterGroup, stateName } from '../optimizers/parameters.ts';

/** Gives a step's scalar by its name, an input of the graph. */
export type Scalar = (name: string) => Value;

/** Gradients of an update, before they are scaled. */
export interface SummedGradients {
  /** One of each trained parameter, in their order. */
  readonly gradients: readonly Value[];
  /** The next state of the sums, by name; none without accumulation. */
  readonly next: readonly (readonly [name: string, value: Value])[];
}

/** Beyond any weight's reciprocal, and within float32 as a product with any weight. */
const STEEP = 2 ** 100;

/** 0 for numbers that are 0, else 1: a product and a clip are faster than a comparison. */
function isNotZero(graph: GraphBuilder, weight: Value): Value {
  const steep = graph.linear(graph.unary('abs', weight), STEEP);
  return graph.apply({ op: 'clip', min: 0, max: 1 }, steep);
}

/** The gradients of kernels as 0 at weights that are 0: these do not move. */
function keepingZeros(
  graph: GraphBuilder,
  trained: readonly Pick<Parameter, 'name' | 'shape'>[],
  weights: readonly Value[],
  found: readonly Value[],
): readonly Value[] {
  return found.map((gradient, index) => {
    if (parameterGroup(trained[index]!) !== 'kernels') return gradient;
    return graph.binary('multiply', gradient, isNotZero(graph, weights[index]!));
  });
}

/**
 * Gradients of the loss, summed over the steps of an update if there is `apply`: 1 in the step that makes the update,
 * which empties the sums, else 0. With `keepZeros` kernels' weights that are 0 have no gradient.
 */
export function summedGradients(
  graph: GraphBuilder,
  loss: Value,
  trained: readonly Pick<Parameter, 'name' | 'shape'>[],
  weights: readonly Value[],
  { apply, keepZeros }: { readonly apply: Value | undefined; readonly keepZeros: boolean },
): SummedGradients {
  const next: (readonly [string, Value])[] = [];
  const found = gradients(graph, loss, weights);
  const summed = (keepZeros ? keepingZeros(graph, trained, weights, found) : found).map((gradient, index) => {
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
