import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { BatchStatistics } from '../../models/forward/forward.ts';
import { stateName } from '../optimizers/parameters.ts';
import { joinable, joined, parted } from './joined.ts';

type NamedState = readonly (readonly [name: string, value: Value])[];

/** Running statistics after a batch, the variance unbiased as in PyTorch. */
export function runningStatistics(graph: GraphBuilder, statistics: readonly BatchStatistics[]): NamedState {
  const items = statistics.flatMap(({ layer, mean, variance, count }) => {
    const item = (key: string, value: Value, factor: number) => {
      const [name, shape] = [`${layer.name}.${key}`, value.shape as readonly number[]];
      const shares = { old: 1 - layer.momentum, fresh: layer.momentum * factor };
      return { name, value, shape, shares, old: graph.parameter(name, shape) };
    };
    return [item('running_mean', mean, 1), item('running_var', variance, count / Math.max(1, count - 1))];
  });
  const sameShares = ({ shares }: (typeof items)[number]) => `${shares.old} ${shares.fresh}`;
  return joinable(items, sameShares).flatMap((group): NamedState => {
    const parts = group.map(({ value }) => value);
    const old = joined(
      graph,
      group.map((item) => item.old),
    );
    const { shares } = group[0]!;
    const added = graph.linear(joined(graph, parts), shares.fresh);
    const next = graph.binary('add', graph.linear(old, shares.old), added);
    return parted(graph, next, parts).map((part, index) => [group[index]!.name, part]);
  });
}

/** average ← decay·average + (1 − decay)·value, computed as value + decay·(average − value). */
export function movingAverages(graph: GraphBuilder, values: NamedState, decay: Value): NamedState {
  const items = values.map(([of, value]) => {
    const [name, { shape }] = [stateName.average(of), value];
    return { name, value, shape, old: graph.parameter(name, shape as readonly number[]) };
  });
  return joinable(items).flatMap((group): NamedState => {
    const parts = group.map(({ value }) => value);
    const old = joined(
      graph,
      group.map((item) => item.old),
    );
    const value = joined(graph, parts);
    const difference = graph.binary('subtract', old, value);
    const next = graph.binary('add', value, graph.binary('multiply', difference, decay));
    return parted(graph, next, parts).map((part, index) => [group[index]!.name, part]);
  });
}
