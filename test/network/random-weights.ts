import type { Tensors } from '../../src/graph/operations.ts';
import { initializeWeights } from '../../src/model/initialize.ts';
import { type Network, outputLayers } from '../../src/network/layers.ts';
import { normalRandom, uniformRandom } from '../../src/random.ts';

/** Of objects and classes, before training: fixed here, so that reference files do not hang on a recipe. */
const PRIOR = 0.01;

/** Fresh weights with norms and biases as after some training, where an identity would hide mistakes. */
export function randomWeights(network: Network, seed: number): Tensors {
  const normal = normalRandom(uniformRandom(seed + 1));
  const weights = initializeWeights(network, seed);
  for (const layer of outputLayers(network)) {
    if (layer.type !== 'yolo') continue;
    const bias = weights.get(`${layer.inputs[0]}.bias`)?.data;
    const fields = 5 + layer.classes;
    bias?.forEach((_, index) => {
      bias[index] = index % fields < 4 ? 0 : Math.log(PRIOR / (1 - PRIOR));
    });
  }
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
