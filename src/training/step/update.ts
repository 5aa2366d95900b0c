import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { parameterGroup } from '../optimizers/parameters.ts';

/** What an update is made of; the lists have one entry for each trained parameter. */
export interface UpdateOptions {
  readonly optimizer: Optimizer;
  readonly trained: readonly Pick<Parameter, 'name' | 'shape'>[];
  readonly weights: readonly Value[];
  readonly gradients: readonly Value[];
  /** What gradients are multiplied by. @default 1 */
  readonly scale: Value | undefined;
  /** 1 in the steps that update, else 0. @default every step */
  readonly apply: Value | undefined;
}

/** The next weights and the optimizer's next state, by name. */
export function updatedWeights(
  graph: GraphBuilder,
  scalar: (name: string) => Value,
  { optimizer, trained, weights, gradients, scale, apply }: UpdateOptions,
): readonly (readonly [name: string, value: Value])[] {
  return trained.flatMap(({ name, shape }, index) => {
    const raw = gradients[index]!;
    const gradient = scale ? graph.binary('multiply', raw, scale) : raw;
    const group = parameterGroup({ name, shape });
    return [...optimizer.update(graph, scalar, { name, value: weights[index]!, gradient, group, apply })];
  });
}
