import { elementCount } from '../../../foundation/element-count.ts';
import type { TfTensor } from '../tfjs.ts';
import type { Kernels } from './kernels.ts';

const PIXELS = [0, 1, 2];

/** Normalizes x [N, H, W, C] with statistics [C]. */
export function batchNorm(k: Kernels, epsilon: number, inputs: readonly TfTensor[]): TfTensor {
  const [x, scale, offset, mean, variance] = inputs as readonly [
    TfTensor,
    TfTensor,
    TfTensor,
    TfTensor,
    TfTensor,
  ];
  return k.run('FusedBatchNorm', { x, scale, offset, mean, variance }, { varianceEpsilon: epsilon });
}

/**
 * Mean of each channel, [1, 1, 1, C]. It is computed in two stages, because a single running sum over a batch loses
 * precision.
 */
function means(k: Kernels, x: TfTensor): TfTensor {
  const images = k.run('Mean', { x }, { axis: [1, 2], keepDims: true });
  return k.run('Mean', { x: images }, { axis: [0], keepDims: true });
}

/** Normalized x [N, H, W, C], and mean and biased variance of the batch, [C] each. */
export function batchNormTraining(
  k: Kernels,
  epsilon: number,
  [x, weight, bias]: readonly TfTensor[],
): readonly TfTensor[] {
  const channels = x!.shape[3]!;
  // On CPUs, oneDNN's fused operation loses precision in the variance, and gradients would be off by 1e-4.
  if (k.isGpu) {
    const none = k.tensor(new Float32Array(0), [0]);
    const attributes = {
      epsilon: { float: epsilon },
      data_format: { string: 'NHWC' },
      is_training: { bool: true },
    };
    const outputs = k.native('FusedBatchNormV3', [x!, weight!, bias!, none, none], attributes, {
      outputs: 6,
      typed: ['T', 'U'],
    });
    const count = elementCount(x!.shape.slice(0, 3));
    // TensorFlow returns the unbiased variance.
    const biased = k.multiply(outputs[2]!, k.number(count > 1 ? (count - 1) / count : 1));
    return [outputs[0]!, outputs[1]!, biased];
  }
  const wide = means(k, x!);
  const statistics = [wide, means(k, k.run('SquaredDifference', { a: x!, b: wide }))];
  const [mean, variance] = statistics.map((value) => k.reshape(value, [channels])) as [TfTensor, TfTensor];
  return [batchNorm(k, epsilon, [x!, weight!, bias!, mean, variance]), mean, variance];
}

/**
 * Gradients, where x̂ is the normalized x: dx = weight / σ · (dy − mean(dy) − x̂ · mean(dy · x̂)), dweight = Σ dy · x̂,
 * dbias = Σ dy.
 */
export function batchNormGrad(
  k: Kernels,
  epsilon: number,
  [x, weight, mean, variance, dy]: readonly TfTensor[],
): readonly TfTensor[] {
  const inverse = () => k.run('Rsqrt', { x: k.add(variance!, k.number(epsilon)) });
  if (k.isNative) {
    // On GPUs, TensorFlow stores the inverse standard deviation in place of the variance.
    const inputs = [
      dy!,
      x!,
      weight!,
      mean!,
      k.isGpu ? inverse() : variance!,
      k.tensor(new Float32Array(0), [0]),
    ];
    const attributes = {
      epsilon: { float: epsilon },
      data_format: { string: 'NHWC' },
      is_training: { bool: true },
    };
    return k
      .native('FusedBatchNormGradV3', inputs, attributes, { outputs: 5, typed: ['T', 'U'] })
      .slice(0, 3);
  }
  const channels = x!.shape[3]!;
  const count = elementCount(x!.shape.slice(0, 3));
  const factor = inverse();
  const normalized = k.multiply(k.subtract(x!, mean!), factor);
  const dbias = k.reshape(k.sum(dy!, PIXELS), [channels]);
  const dweight = k.reshape(k.sum(k.multiply(dy!, normalized), PIXELS), [channels]);
  const share = k.number(1 / count);
  const correction = k.add(k.multiply(normalized, k.multiply(dweight, share)), k.multiply(dbias, share));
  return [k.multiply(k.subtract(dy!, correction), k.multiply(weight!, factor)), dweight, dbias];
}
