import { MicroYoloError } from '../foundation/errors/errors.ts';
import { classCount, type Network } from '../network/layers.ts';
import { networkParameters } from '../network/parameters.ts';
import type { Model } from './model.ts';

/**
 * What of a network's parameters is missing or of another shape, the first in words; nothing where all fit.
 * @param shapeOf a tensor's shape by its name
 */
export function parameterMisfit(
  network: Network,
  shapeOf: (name: string) => readonly number[] | undefined,
): string | undefined {
  for (const { name, shape } of networkParameters(network)) {
    const found = shapeOf(name);
    if (found?.join() === shape.join()) continue;
    const shown = found ? `[${found.join(', ')}]` : 'missing';
    return `tensor ${name} is ${shown}, but its network expects [${shape.join(', ')}]`;
  }
  return undefined;
}

/**
 * Checks that a model's parts fit each other: files are checked as they are read, models made in memory are not.
 * @throws MicroYoloError `invalid-argument` naming what does not
 */
export function checkModel({ network, weights, classes }: Model): void {
  const count = classCount(network);
  const problem =
    classes.length === count
      ? parameterMisfit(network, (name) => weights.get(name)?.shape)
      : `${classes.length} class names, its network has ${count} classes`;
  if (problem !== undefined) {
    throw new MicroYoloError('invalid-argument', `model ${network.name}: ${problem}; fix it`);
  }
}
