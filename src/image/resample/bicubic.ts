import type { Size } from '../../boxes/formats.ts';
import type { RgbImage } from '../decode.ts';
import { roundHalfEven } from './round-half-even.ts';

/** The kernel's shape, as OpenCV has it. */
const A = -0.75;

/** Weights of the four neighbors of a position, `x` behind the second. */
function cubic(x: number): Float32Array {
  const first = ((A * (x + 1) - 5 * A) * (x + 1) + 8 * A) * (x + 1) - 4 * A;
  const second = ((A + 2) * x - (A + 3)) * x * x + 1;
  const third = ((A + 2) * (1 - x) - (A + 3)) * (1 - x) * (1 - x) + 1;
  return Float32Array.of(first, second, third, 1 - first - second - third);
}

/** For each target position its four source positions, clipped to the image, and their weights. */
function taps(from: number, to: number) {
  const step = from / to;
  return Array.from({ length: to }, (_, place) => {
    const position = Math.fround((place + 0.5) * step - 0.5);
    const floor = Math.floor(position);
    const places = [-1, 0, 1, 2].map((offset) => Math.min(from - 1, Math.max(0, floor + offset)));
    return { places, weights: cubic(Math.fround(position - floor)) };
  });
}

/**
 * Bicubic resampling: sixteen neighbors, half-pixel centers, no antialiasing; OpenCV's INTER_CUBIC.
 * @returns a new image of the size given in pixels
 */
export function resampleBicubic(image: RgbImage, { width, height }: Size): RgbImage {
  if (image.width === width && image.height === height) return image;
  const columns = taps(image.width, width);
  const rows = taps(image.height, height);
  const stride = 3 * width;
  const wide = new Map<number, Float32Array>();
  const wideRow = (row: number): Float32Array => {
    const known = wide.get(row);
    if (known) return known;
    const made = new Float32Array(stride);
    columns.forEach(({ places, weights }, x) => {
      for (let color = 0; color < 3; color++) {
        let sum = 0;
        for (let i = 0; i < 4; i++)
          sum += image.data[3 * (row * image.width + places[i]!) + color]! * weights[i]!;
        made[3 * x + color] = sum;
      }
    });
    wide.set(row, made);
    return made;
  };
  const data = new Uint8Array(stride * height);
  rows.forEach(({ places, weights }, y) => {
    const lines = places.map(wideRow);
    for (const row of wide.keys()) if (row < places[0]!) wide.delete(row);
    for (let at = 0; at < stride; at++) {
      let sum = 0;
      for (let i = 0; i < 4; i++) sum += lines[i]![at]! * weights[i]!;
      data[y * stride + at] = Math.min(255, Math.max(0, roundHalfEven(sum)));
    }
  });
  return { data, width, height };
}
