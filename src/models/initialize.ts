import { elementCount } from '../foundation/element-count.ts';
import { normalRandom, uniformRandom } from '../foundation/random.ts';
import type { Tensor, Tensors } from '../graph/operations.ts';
import { type Network, outputLayers } from '../network/layers.ts';
import { networkParameters } from '../network/parameters.ts';
import { residualNorms } from '../network/residuals.ts';

/** Objectness that an untrained head predicts at every position. */
const OBJECT_PRIOR = 0.01;

/**
 * Standard deviation of the kernels before an output. It is small, so that an untrained detector predicts the same
 * everywhere. Training then has no random guesses to unlearn (https://arxiv.org/abs/1708.02002, 4.1).
 */
const HEAD_DEVIATION = 0.01;

const logit = (probability: number) => Math.log(probability / (1 - probability));

/**
 * Biases of the convolution before a detection output: objects are rare, classes are equally likely, and boxes equal
 * their anchors.
 */
function headBiases(network: Network): ReadonlyMap<string, Float32Array> {
  return new Map(
    outputLayers(network).flatMap((layer): [string, Float32Array][] => {
      if (layer.type === 'classes') return [];
      const fields = 5 + layer.classes;
      // A single class is not certain either. With a softmax, equal biases give equal probabilities.
      const isShared = layer.type === 'region' && layer.softmax;
      const classPrior = isShared ? 0 : logit(1 / Math.max(2, layer.classes));
      const ofField = (field: number) => (field < 4 ? 0 : field === 4 ? logit(OBJECT_PRIOR) : classPrior);
      const biases = Float32Array.from({ length: layer.anchors.length * fields }, (_, index) =>
        ofField(index % fields),
      );
      return [[`${layer.inputs[0]}.bias`, biases]];
    }),
  );
}

/**
 * Creates random initial weights. Kernels use He's normal initialization, based on the inputs of a unit
 * (https://arxiv.org/abs/1502.01852). Norms start as the identity. At the end of a residual branch they start at 0, so
 * that the network starts as a shallow one (https://arxiv.org/abs/1706.02677, 5.1). Biases are 0, except those of the
 * outputs, which are set so that almost nothing is detected at first (https://arxiv.org/abs/1708.02002, 4.1). A seed
 * gives the same weights on every machine.
 */
export function initializeWeights(network: Network, seed: number): Tensors {
  const normal = normalRandom(uniformRandom(seed));
  const biases = headBiases(network);
  const headKernels = new Set(outputLayers(network).map(({ inputs }) => `${inputs[0]}.weight`));
  const closed = new Set(residualNorms(network).map((name) => `${name}.weight`));
  const fill = (name: string, shape: readonly number[]): Float32Array => {
    const data = new Float32Array(elementCount(shape));
    if (shape.length > 1) {
      const deviation = headKernels.has(name) ? HEAD_DEVIATION : Math.sqrt(2 / elementCount(shape.slice(1)));
      return data.map(() => deviation * normal());
    }
    const given = biases.get(name);
    if (given) return given;
    return data.fill(/\.(weight|running_var)$/.test(name) && !closed.has(name) ? 1 : 0);
  };
  return new Map(
    networkParameters(network).map(({ name, shape }): [string, Tensor] => [
      name,
      { shape, data: fill(name, shape) },
    ]),
  );
}
