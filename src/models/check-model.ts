import { MicroYoloError } from '../foundation/errors/errors.ts';
import { classCount, type Network } from '../network/layers.ts';
import { networkParameters } from '../network/parameters.ts';
import type { Model } from './model.ts';

/**
 * Describes the first parameter of a network that is missing or has another shape. Undefined if all fit.
 * @param shapeOf returns a tensor's shape by its name
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
 * Checks that a model's parts fit each other. Files are checked when they are read, but models made in memory are not.
 * @throws MicroYoloError `invalid-argument` that names the part that does not fit
 */
export function checkModel({ network, weights, classes }: Model): void {
  const count = classCount(network);
  const problem =
    classes.length === count
      ? parameterMisfit(network, (name) => weights.get(name)?.shape)
      : `${classes.length} class names, but its network has ${count} classes`;
  if (problem !== undefined) {
    throw new MicroYoloError('invalid-argument', `model ${network.name}: ${problem}; fix it`);
  }
}
