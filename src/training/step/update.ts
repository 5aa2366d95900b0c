import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';
import { keptName, type Optimizer } from '../optimizers/optimizer.ts';
import { parameterGroup } from '../optimizers/parameters.ts';
import { joinable, joined, parted } from './joined.ts';

/** Inputs of an update. Each list has one entry per trained parameter. */
export interface UpdateOptions {
  readonly optimizer: Optimizer;
  readonly trained: readonly Pick<Parameter, 'name' | 'shape'>[];
  readonly weights: readonly Value[];
  readonly gradients: readonly Value[];
  /** Factor of the gradients. @default 1 */
  readonly scale: Value | undefined;
  /** 1 in steps that update, otherwise 0. @default every step updates */
  readonly apply: Value | undefined;
}

/** Next weights and next optimizer state, by name. */
export function updatedWeights(
  graph: GraphBuilder,
  scalar: (name: string) => Value,
  { optimizer, trained, weights, gradients, scale, apply }: UpdateOptions,
): readonly (readonly [name: string, value: Value])[] {
  const items = trained.map((parameter, index) => ({
    ...{ ...parameter, group: parameterGroup(parameter) },
    ...{ value: weights[index]!, gradient: gradients[index]! },
    kept: optimizer.kept.map((kind) => graph.parameter(keptName(kind, parameter.name), parameter.shape)),
  }));
  return joinable(items, ({ group }) => group).flatMap((parameters) => {
    const values = parameters.map(({ value }) => value);
    const raw = joined(
      graph,
      parameters.map(({ gradient }) => gradient),
    );
    const kept = (kind: string) =>
      joined(
        graph,
        parameters.map((parameter) => parameter.kept[optimizer.kept.indexOf(kind)]!),
      );
    const next = optimizer.update(graph, scalar, {
      value: joined(graph, values),
      gradient: scale ? graph.binary('multiply', raw, scale) : raw,
      ...{ kept, group: parameters[0]!.group, apply },
    });
    const named = (whole: Value, nameOf: (name: string) => string) =>
      parted(graph, whole, values).map((part, index) => [nameOf(parameters[index]!.name), part] as const);
    return [
      ...named(next.value, (name) => name),
      ...Object.entries(next.kept).flatMap(([kind, whole]) => named(whole, (name) => keptName(kind, name))),
    ];
  });
}
