import type { Convolution } from './convolutions.ts';
import type { WholeWeights } from './scales.ts';

/**
 * Returns the mean error that rounding a convolution's weights causes in each output channel: the sum of rounding
 * errors times the means of the inputs. Adding it to the biases compensates for it (https://arxiv.org/abs/1906.04721,
 * section 4.2).
 * @param weights [out, in / groups, rows, columns]
 * @param means of the input channels
 */
export function roundingShift(
  { outChannels, inChannels, groups, kernel }: Convolution,
  weights: Float32Array,
  { values, scales }: WholeWeights,
  means: Float64Array,
): Float64Array {
  const [perGroup, outPerGroup] = [inChannels / groups, outChannels / groups];
  const area = kernel[0] * kernel[1];
  return Float64Array.from({ length: outChannels }, (_, out) => {
    const first = Math.floor(out / outPerGroup) * perGroup;
    let shift = 0;
    for (let channel = 0; channel < perGroup; channel++) {
      const from = (out * perGroup + channel) * area;
      let error = 0;
      for (let i = from; i < from + area; i++) error += weights[i]! - values[i]! * scales[out]!;
      shift += error * means[first + channel]!;
    }
    return shift;
  });
}
