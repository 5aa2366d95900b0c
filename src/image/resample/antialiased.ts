import type { Size } from '../../boxes/formats.ts';
import type { RgbImage } from '../decode.ts';

/** The first source position that contributes to a target position, and the weights from there on. */
interface Tap {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Weights as integer multiples of 2⁻ᵇⁱᵗˢ that fit into 16 bits, as in torchvision for 8-bit images. */
interface Taps {
  readonly taps: readonly Tap[];
  readonly bits: number;
}

/** Computes the weights of each target position: a triangle as wide as the step, but at least one pixel. */
function tapsOf(from: number, to: number): Taps {
  const scale = from / to;
  const support = Math.max(1, scale);
  const exact = Array.from({ length: to }, (_, place): Tap => {
    const center = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const weights = Float64Array.from({ length: end - first }, (_, i) =>
      Math.max(0, 1 - Math.abs((first + i - center + 0.5) / support)),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
  const largest = exact.reduce((most, { weights }) => weights.reduce((a, b) => Math.max(a, b), most), 0);
  let bits = 0;
  while (bits < 22 && Math.trunc(0.5 + largest * 2 ** (bits + 1)) < 2 ** 15) bits++;
  const whole = (weight: number) => Math.trunc(0.5 + weight * 2 ** bits);
  return { bits, taps: exact.map(({ first, weights }) => ({ first, weights: weights.map(whole) })) };
}

/**
 * Resamples along one axis.
 * @param others length of the other axis
 */
function along(
  source: Uint8Array,
  [from, to]: readonly [number, number],
  isHorizontal: boolean,
  others: number,
): Uint8Array {
  const target = new Uint8Array(3 * to * others);
  const { taps, bits } = tapsOf(from, to);
  const half = 2 ** (bits - 1);
  const clip = (sum: number) => Math.min(255, Math.max(0, Math.floor((sum + half) / 2 ** bits)));
  for (let other = 0; other < others; other++) {
    for (let place = 0; place < to; place++) {
      const { first, weights } = taps[place]!;
      const at = isHorizontal ? 3 * (other * to + place) : 3 * (place * others + other);
      let [r, g, b] = [0, 0, 0];
      for (let i = 0; i < weights.length; i++) {
        const weight = weights[i]!;
        const pixel = isHorizontal ? 3 * (other * from + first + i) : 3 * ((first + i) * others + other);
        r += source[pixel]! * weight;
        g += source[pixel + 1]! * weight;
        b += source[pixel + 2]! * weight;
      }
      target[at] = clip(r);
      target[at + 1] = clip(g);
      target[at + 2] = clip(b);
    }
  }
  return target;
}

/**
 * Antialiased bilinear resampling. It equals torchvision's for 8-bit images, and is within one gray level of Pillow's
 * BILINEAR. Rows are resampled first, then columns.
 * @returns a new image of the given size, in pixels
 */
export function resampleAntialiased(image: RgbImage, { width, height }: Size): RgbImage {
  const wide =
    image.width === width ? image.data : along(image.data, [image.width, width], true, image.height);
  const data = image.height === height ? wide : along(wide, [image.height, height], false, width);
  return { data, width, height };
}
