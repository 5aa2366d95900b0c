import type { RgbImage } from '../../image/decode.ts';

/** Sum of the fixed-point weights. */
const ONE = 1 << 14;

/** Weights of one half of the kernel, from the center outward. */
function gaussianWeights(sigma: number): Int32Array {
  const radius = Math.max(1, Math.ceil(2.5 * sigma));
  const raw = Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = raw.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  const weights = Int32Array.from(raw, (weight) => Math.round((ONE * weight) / sum));
  // Rounding must not change the brightness.
  weights[0] = ONE - 2 * weights.subarray(1).reduce((total, weight) => total + weight, 0);
  return weights;
}

/**
 * Blurs one line of pixels. Pixels beyond the ends repeat the last one.
 * @param step distance from one pixel to the next, in elements
 */
function blurLine(
  source: Uint8Array,
  target: Uint8Array,
  start: number,
  step: number,
  count: number,
  weights: Int32Array,
) {
  const last = start + (count - 1) * step;
  for (let at = start, i = 0; i < count; i++, at += step) {
    let sum = source[at]! * weights[0]! + (ONE >> 1);
    for (let k = 1; k < weights.length; k++) {
      const before = at - k * step;
      const after = at + k * step;
      sum += (source[before < start ? start : before]! + source[after > last ? last : after]!) * weights[k]!;
    }
    target[at] = sum >> 14;
  }
}

/** @param sigma standard deviation of the Gaussian, in pixels */
export function blur(image: RgbImage, sigma: number): RgbImage {
  const { data: source, width, height } = image;
  const weights = gaussianWeights(sigma);
  const row = 3 * width;
  const across = new Uint8Array(source.length);
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < 3; c++) blurLine(source, across, y * row + c, 3, width, weights);
  }
  const data = new Uint8Array(source.length);
  for (let i = 0; i < row; i++) blurLine(across, data, i, row, height, weights);
  return { data, width, height };
}
