import { elementCount } from '../../foundation/element-count.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import type { Parameter } from '../../network/parameters.ts';
import { isHintParameter } from '../losses/hint.ts';
import { keptName } from '../optimizers/optimizer.ts';
import { stateName } from '../optimizers/parameters.ts';
import { OPTIMIZERS } from '../optimizers/registry.ts';
import type { TrainingStep } from './step.ts';

/** State tensors in addition to parameters. They start at 0. */
const KEPT_BESIDE = new RegExp(
  `^(${[
    ...Object.values(OPTIMIZERS).flatMap(({ kept }) => kept.map((name) => keptName(name, ''))),
    ...Object.values(stateName).map((of) => of('')),
  ].join('|')})`,
);

/**
 * State of a step at the start of a run: the weights, averages equal to them, and everything else 0.
 * @throws MicroYoloError `invalid-argument` if a weight is missing or has another shape
 */
export function initialState({ state }: Pick<TrainingStep, 'state'>, weights: Tensors): Tensors {
  const start = ([name, shape]: [string, readonly number[]]): [string, Tensor] => {
    const source = name.startsWith(stateName.average('')) ? name.slice(stateName.average('').length) : name;
    const tensor = weights.get(source);
    if (!tensor) {
      if (!KEPT_BESIDE.test(source) && !isHintParameter(source))
        throw new MicroYoloError('invalid-argument', `weights: ${source} is missing`);
      return [name, { shape, data: new Float32Array(elementCount(shape)) }];
    }
    if (tensor.shape.join() !== shape.join()) {
      const [given, expected] = [tensor.shape.join('×'), shape.join('×')];
      throw new MicroYoloError('invalid-argument', `weights: ${source} is ${given}, expected ${expected}`);
    }
    return [name, { shape, data: tensor.data.slice() }];
  };
  return new Map([...state].map(start));
}

/** Weights of a model from a state: the current ones or their moving average. */
export function weightsOf(
  parameters: readonly Parameter[],
  state: Tensors,
  kind: 'current' | 'average' = 'current',
): Tensors {
  const source = (name: string) => (kind === 'average' ? stateName.average(name) : name);
  // Frozen parameters have no average.
  return new Map(parameters.map(({ name }) => [name, (state.get(source(name)) ?? state.get(name))!]));
}
