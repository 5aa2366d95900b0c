import { elementCount } from '../../foundation/element-count.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import type { Network } from '../../network/layers.ts';
import { networkParameters } from '../../network/parameters.ts';

/** A pseudorandom number in [−1, 1) from an index: the finalizer of MurmurHash3. */
function scattered(place: number): number {
  let hash = Math.imul(place ^ (place >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) / 2 ** 31;
}

/**
 * Weights for timing a network: kernels that roughly preserve the scale of values, and norms that are the identity. The
 * network takes the same time as with trained weights. Filling them is faster than drawing random ones.
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
