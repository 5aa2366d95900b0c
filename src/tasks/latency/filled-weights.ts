import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import type { Network } from '../../network/layers.ts';
import { networkParameters } from '../../network/parameters.ts';

/** A number in [−1, 1) that looks random, from a place: MurmurHash3's last steps. */
function scattered(place: number): number {
  let hash = Math.imul(place ^ (place >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) / 2 ** 31;
}

/**
 * Weights for a network to be timed: kernels that keep values about as large as they are, and norms that change nothing. A
 * network takes the same time with them as with trained ones, and they are filled faster than random ones are drawn.
 */
export function filledWeights(network: Network): Tensors {
  return new Map(
    networkParameters(network).map(({ name, shape }): [string, Tensor] => {
      const data = new Float32Array(elementCount(shape));
      if (shape.length === 1) {
        return [name, { shape, data: data.fill(/\.(?:weight|running_var)$/.test(name) ? 1 : 0) }];
      }
      const scale = Math.sqrt(6 / elementCount(shape.slice(1)));
      for (let i = 0; i < data.length; i++) data[i] = scale * scattered(i + 1);
      return [name, { shape, data }];
    }),
  );
}
