import { roundHalfEven } from '../../foundation/round-half-even.ts';
import { type ByteScale, largestWeight } from '../../models/forward/simulated-quantization.ts';

/** The smallest normal 32-bit float. Smaller scales cannot be used as divisors. */
const TINY = 2 ** -126;
const INT32_MAX = 2 ** 31 - 1;
/** Keeps biases below the limit of 32 bits. */
const MARGIN = 1.0001;

/**
 * Returns the scale and zero point for values in a range, in unsigned 8 bits, like `onnxruntime.quantization`. Zero is
 * always exact, because padding is zero.
 */
export function activationScale(least: number, most: number): ByteScale {
  const [low, high] = [Math.min(least, 0), Math.max(most, 0)];
  const scale = (high - low) / 255;
  if (!(scale >= TINY)) return { scale: 1, zeroPoint: 0 };
  return { scale: Math.fround(scale), zeroPoint: Math.max(0, roundHalfEven(-low / scale)) };
}

/** Integer weights of a convolution, with one scale per output channel. */
export interface WholeWeights {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Converts weights to integers around 0. Each output channel is scaled by its largest magnitude.
 * @param weights [out, …]
 * @param leastScales minimum scale of each channel, so that biases fit into 32 bits at the scale of input × weight.
 *   @default none
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

/**
 * Returns the minimum weight scales at which biases fit into 32 bits. @param inputScale scale of the convolution's
 * input
 */
export function leastScales(bias: Float32Array, inputScale: number): Float64Array {
  return Float64Array.from(bias, (value) => (MARGIN * Math.abs(value)) / INT32_MAX / inputScale);
}

/** Converts biases to integers. Their scales are input scale × weight scale, as for sums of products. */
export function wholeBias(bias: Float32Array, inputScale: number, weightScales: Float32Array) {
  const scales = weightScales.map((scale) => inputScale * scale);
  const values = Int32Array.from(bias, (value, channel) => {
    const whole = roundHalfEven(value / scales[channel]!);
    return Math.min(INT32_MAX, Math.max(-INT32_MAX - 1, whole));
  });
  return { values, scales };
}
