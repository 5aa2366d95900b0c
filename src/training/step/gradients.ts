import type { GraphBuilder } from '../../graph/builder.ts';
import { gradients } from '../../graph/gradients/gradients.ts';
import type { Value } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';
import { parameterGroup, stateName } from '../optimizers/parameters.ts';
import { joinable, joined } from './joined.ts';

/** Returns the scalar input of a name. */
export type Scalar = (name: string) => Value;

/** Gradients of an update, before scaling. */
export interface SummedGradients {
  /** One for each trained parameter, in the same order. */
  readonly gradients: readonly Value[];
  /** Next state of the sums, by name. Empty without accumulation. */
  readonly next: readonly (readonly [name: string, value: Value])[];
}

/** Larger than the reciprocal of any weight, but its product with any weight is within float32. */
const STEEP = 2 ** 100;

/** 0 for weights that are 0, otherwise 1. A product and a clip are faster than a comparison. */
function isNotZero(graph: GraphBuilder, weight: Value): Value {
  const steep = graph.linear(graph.unary('abs', weight), STEEP);
  return graph.apply({ op: 'clip', min: 0, max: 1 }, steep);
}

/** Sets the gradients of kernel weights that are 0 to 0, so that these weights do not change. */
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
 * Gradients of the loss. With `apply`, they are summed over the steps of an update. `apply` is 1 in the last step,
 * which also resets the sums, and otherwise 0. With `keepZeros`, kernel weights that are 0 have no gradient.
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
  const squares = joinable(values).map((group) =>
    graph.reshape(graph.reduce('sumOfSquares', joined(graph, group)), [1]),
  );
  const all = graph.apply({ op: 'concat', axis: 0 }, ...squares);
  return graph.unary('sqrt', graph.reshape(graph.reduce('sum', all), []));
}

/** Factor of the gradients, and their norm before clipping. */
export interface GradientScale {
  readonly norm: Value;
  /** Undefined if the gradients do not change. */
  readonly scale: Value | undefined;
}

/**
 * Factor that averages gradients over the steps of an update and clips them to the global norm `clipNorm`, a scalar.
 * @param accumulate whether the gradients are sums; the scalar `share` turns them into means
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
