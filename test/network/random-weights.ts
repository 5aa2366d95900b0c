import { elementCount } from '../../src/foundation/element-count.ts';
import { normalRandom, uniformRandom } from '../../src/foundation/random.ts';
import type { Tensor, Tensors } from '../../src/graph/operations.ts';
import { type Network, outputLayers } from '../../src/network/layers.ts';
import { networkParameters } from '../../src/network/parameters.ts';

/** Prior probability of objects and classes, before training. */
const PRIOR = 0.01;

/**
 * Weights as after some training, including norms and biases, because an identity would hide mistakes. Deliberately not
 * those that training starts from, so that reference files do not depend on a recipe.
 */
export function randomWeights(network: Network, seed: number): Tensors {
  const kernelNormal = normalRandom(uniformRandom(seed));
  const changeNormal = normalRandom(uniformRandom(seed + 1));
  const fieldsOf = new Map(
    outputLayers(network).flatMap((layer) =>
      layer.type === 'yolo' ? [[`${layer.inputs[0]}.bias`, 5 + layer.classes]] : [],
    ),
  );
  const fill = (name: string, shape: readonly number[]): Float32Array => {
    const data = new Float32Array(elementCount(shape));
    if (shape.length > 1) {
      const deviation = Math.sqrt(2 / elementCount(shape.slice(1)));
      return data.map(() => deviation * kernelNormal());
    }
    const fields = fieldsOf.get(name);
    const isVariance = name.endsWith('.running_var');
    return data.map((_, index) => {
      const isScore = fields !== undefined && index % fields >= 4;
      const usual = isScore ? Math.log(PRIOR / (1 - PRIOR)) : isVariance || name.endsWith('.weight') ? 1 : 0;
      const change = 0.2 * changeNormal();
      return Math.fround(usual) + (isVariance ? Math.abs(change) : change);
    });
  };
  return new Map(
    networkParameters(network).map(({ name, shape }): [string, Tensor] => [
      name,
      { shape, data: fill(name, shape) },
    ]),
  );
}
