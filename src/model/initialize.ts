import type { Tensor, Tensors } from '../graph/operations.ts';
import type { Network } from '../network/layers.ts';
import { elementCount, networkParameters } from '../network/parameters.ts';
import { normalRandom, uniformRandom } from '../random.ts';

/**
 * Fresh weights: kernels by He's normal initialization over the inputs of a unit
 * (https://arxiv.org/abs/1502.01852), norms as identity, biases 0. The same for a seed on every machine.
 */
export function initializeWeights(network: Network, seed: number): Tensors {
  const normal = normalRandom(uniformRandom(seed));
  const fill = (name: string, shape: readonly number[]): Float32Array => {
    const data = new Float32Array(elementCount(shape));
    if (shape.length > 1) {
      const deviation = Math.sqrt(2 / elementCount(shape.slice(1)));
      return data.map(() => deviation * normal());
    }
    return data.fill(/\.(weight|running_var)$/.test(name) ? 1 : 0);
  };
  return new Map(
    networkParameters(network).map(({ name, shape }): [string, Tensor] => [
      name,
      { shape, data: fill(name, shape) },
    ]),
  );
}
