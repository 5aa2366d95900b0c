import type { Tensors } from '../../src/graph/operations.ts';
import { initializeWeights } from '../../src/model/initialize.ts';
import type { Network } from '../../src/network/layers.ts';
import { normalRandom, uniformRandom } from '../../src/random.ts';

/** Fresh weights with norms and biases as after some training, where an identity would hide mistakes. */
export function randomWeights(network: Network, seed: number): Tensors {
  const normal = normalRandom(uniformRandom(seed + 1));
  const weights = initializeWeights(network, seed);
  for (const [name, { shape, data }] of weights) {
    if (shape.length > 1) continue;
    const isVariance = name.endsWith('.running_var');
    for (let i = 0; i < data.length; i++) {
      const change = 0.2 * normal();
      data[i] = data[i]! + (isVariance ? Math.abs(change) : change);
    }
  }
  return weights;
}
