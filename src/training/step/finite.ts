import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { BatchStatistics } from '../../models/forward/forward.ts';

/** Limit below which a number counts as finite. */
const LARGEST = 3e38;

/** 1 if a step's loss, gradients and statistics are finite, otherwise 0. */
export function finiteFlag(
  graph: GraphBuilder,
  loss: Value,
  gradientNorm: Value,
  statistics: readonly BatchStatistics[],
): Value {
  const bounded = [graph.unary('abs', graph.reshape(loss, [])), gradientNorm];
  if (statistics.length > 0) {
    // If a variance overflows, loss and gradients can stay finite, because the normalized feature map becomes 0.
    const variances = graph.apply({ op: 'concat', axis: 0 }, ...statistics.map(({ variance }) => variance));
    bounded.push(graph.reshape(graph.reduce('sum', variances), []));
  }
  return bounded
    .map((value) => graph.indicator('less', value, graph.constant(LARGEST)))
    .reduce((all, one) => graph.binary('multiply', all, one));
}
