import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { BatchStatistics } from '../../models/forward/forward.ts';

/** Largest number that counts as finite. */
const LARGEST = 3e38;

/** 1 if a step's loss, gradients and statistics are finite numbers, else 0. */
export function finiteFlag(
  graph: GraphBuilder,
  loss: Value,
  gradientNorm: Value,
  statistics: readonly BatchStatistics[],
): Value {
  const bounded = [graph.unary('abs', graph.reshape(loss, [])), gradientNorm];
  if (statistics.length > 0) {
    // A variance may overflow and leave loss and gradients finite: the map it normalizes becomes 0.
    const variances = graph.apply({ op: 'concat', axis: 0 }, ...statistics.map(({ variance }) => variance));
    bounded.push(graph.reshape(graph.reduce('sum', variances), []));
  }
  return bounded
    .map((value) => graph.indicator('less', value, graph.constant(LARGEST)))
    .reduce((all, one) => graph.binary('multiply', all, one));
}
