import { roundHalfEven } from '../../foundation/round-half-even.ts';
import { type ByteScale, largestWeight } from '../../models/forward/simulated-quantization.ts';

/** The smallest normal 32-bit float: a scale below it divides nothing. */
const TINY = 2 ** -126;
const INT32_MAX = 2 ** 31 - 1;
/** Keeps a bias off the very end of 32 bits. */
const MARGIN = 1.0001;

/**
 * Scale and zero point of values in a range, in 8 bits without sign: as `onnxruntime.quantization` computes them. Zero is
 * always exact, since padding is zero.
 */
export function activationScale(least: number, most: number): ByteScale {
  const [low, high] = [Math.min(least, 0), Math.max(most, 0)];
  const scale = (high - low) / 255;
  if (!(scale >= TINY)) return { scale: 1, zeroPoint: 0 };
  return { scale: Math.fround(scale), zeroPoint: Math.max(0, roundHalfEven(-low / scale)) };
}

/** Weights of a convolution as whole numbers, with one scale for each output channel. */
export interface WholeWeights {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Weights as whole numbers around 0, each output channel by its largest magnitude.
 * @param weights [out, …]
 * @param leastScales of each channel: a bias must fit in 32 bits at the scale of input times weight. @default none
 */
export function wholeWeights(
  weights: Float32Array,
  channels: number,
  bits: 7 | 8,
  leastScales?: Float64Array,
): WholeWeights {
  const size = weights.length / channels;
  const most = largestWeight(bits);
  const scales = new Float32Array(channels);
  const values = new Int8Array(weights.length);
  for (let channel = 0; channel < channels; channel++) {
    const [from, to] = [channel * size, (channel + 1) * size];
    let largest = 0;
    for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(weights[i]!));
    const fitting = largest / most;
    const scale = Math.fround(Math.max(fitting >= TINY ? fitting : 1, leastScales?.[channel] ?? 0));
    scales[channel] = scale;
    for (let i = from; i < to; i++) {
      const whole = roundHalfEven(Math.fround(weights[i]! / scale));
      values[i] = Math.min(most, Math.max(-most, whole));
    }
  }
  return { values, scales };
}

/** The least scales of weights at which biases fit in 32 bits. @param inputScale of what the convolution reads */
export function leastScales(bias: Float32Array, inputScale: number): Float64Array {
  return Float64Array.from(bias, (value) => (MARGIN * Math.abs(value)) / INT32_MAX / inputScale);
}

/** Biases as whole numbers, and their scales: those of input times weight, which sums of products have. */
export function wholeBias(bias: Float32Array, inputScale: number, weightScales: Float32Array) {
  const scales = weightScales.map((scale) => inputScale * scale);
  const values = Int32Array.from(bias, (value, channel) => {
    const whole = roundHalfEven(value / scales[channel]!);
    return Math.min(INT32_MAX, Math.max(-INT32_MAX - 1, whole));
  });
  return { values, scales };
}
