import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { BatchStatistics } from '../../models/forward/forward.ts';
import { stateName } from '../optimizers/parameters.ts';

/** Running statistics after a batch, the variance unbiased as in PyTorch. */
export function runningStatistics(
  graph: GraphBuilder,
  { layer, mean, variance, count }: BatchStatistics,
): readonly (readonly [string, Value])[] {
  const next = (key: string, fresh: Value) => {
    const name = `${layer.name}.${key}`;
    const old = graph.parameter(name, fresh.shape as readonly number[]);
    const kept = graph.linear(old, 1 - layer.momentum);
    return [name, graph.binary('add', kept, graph.linear(fresh, layer.momentum))] as const;
  };
  const unbiased = graph.linear(variance, count / Math.max(1, count - 1));
  return [next('running_mean', mean), next('running_var', unbiased)];
}

/** average ← decay·average + (1 − decay)·value, written so that it costs one difference. */
export function movingAverage(graph: GraphBuilder, name: string, value: Value, decay: Value): Value {
  const old = graph.parameter(stateName.average(name), value.shape as readonly number[]);
  const difference = graph.binary('subtract', old, value);
  return graph.binary('add', value, graph.binary('multiply', difference, decay));
}
