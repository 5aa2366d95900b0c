import type { Size } from '../../boxes/formats.ts';
import { roundHalfEven } from '../../foundation/round-half-even.ts';
import type { RgbImage } from '../decode.ts';

/** Weights are integer multiples of 1/2048, as in OpenCV. */
const WEIGHT_BITS = 11;
const ONE = 1 << WEIGHT_BITS;

interface Taps {
  /** The two source positions of each target position. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstWeight: Int32Array;
  readonly secondWeight: Int32Array;
}

/** Rounds at the same places as OpenCV: the step is in double precision, positions are in single precision. */
function taps(from: number, to: number): Taps {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const firstWeight = new Int32Array(to);
  const secondWeight = new Int32Array(to);
  const step = 1 / (to / from);
  for (let i = 0; i < to; i++) {
    // Half-pixel centers.
    const position = Math.fround((i + 0.5) * step - 0.5);
    const floor = Math.floor(position);
    const fraction = Math.fround(position - floor);
    first[i] = Math.min(Math.max(floor, 0), from - 1);
    second[i] = Math.min(Math.max(floor + 1, 0), from - 1);
    firstWeight[i] = roundHalfEven(Math.fround(1 - fraction) * ONE);
    secondWeight[i] = roundHalfEven(fraction * ONE);
  }
  return { first, second, firstWeight, secondWeight };
}

/**
 * Bilinear resampling: four neighbors, half-pixel centers, no antialiasing. It equals OpenCV's INTER_LINEAR.
 * @returns a new image of the given size, in pixels
 */
export function resampleBilinear(image: RgbImage, { width, height }: Size): RgbImage {
  if (image.width === width && image.height === height) return image;
  const columns = taps(image.width, width);
  const rows = taps(image.height, height);
  const stride = 3 * width;
  const data = new Uint8Array(stride * height);

  const horizontal = (row: number, target: Int32Array) => {
    const source = image.data;
    const start = row * image.width * 3;
    for (let x = 0, to = 0; x < width; x++, to += 3) {
      const a = start + 3 * columns.first[x]!;
      const b = start + 3 * columns.second[x]!;
      const v = columns.firstWeight[x]!;
      const w = columns.secondWeight[x]!;
      target[to] = source[a]! * v + source[b]! * w;
      target[to + 1] = source[a + 1]! * v + source[b + 1]! * w;
      target[to + 2] = source[a + 2]! * v + source[b + 2]! * w;
    }
  };
  // The two source rows in use. Consecutive target rows mostly share at least one.
  let [upper, lower] = [new Int32Array(stride), new Int32Array(stride)];
  let [upperRow, lowerRow] = [-1, -1];
  for (let y = 0; y < height; y++) {
    const [above, below] = [rows.first[y]!, rows.second[y]!];
    if (above === lowerRow) {
      [upper, lower] = [lower, upper];
      [upperRow, lowerRow] = [lowerRow, upperRow];
    }
    if (above !== upperRow) horizontal(above, upper);
    if (below !== lowerRow) horizontal(below, lower);
    [upperRow, lowerRow] = [above, below];
    const v = rows.firstWeight[y]!;
    const w = rows.secondWeight[y]!;
    const target = y * stride;
    for (let i = 0; i < stride; i++) {
      // OpenCV's fixed-point rounding: products are shifted right by 16 bits before they are added.
      const sum = (((upper[i]! >> 4) * v) >> 16) + (((lower[i]! >> 4) * w) >> 16);
      data[target + i] = (sum + 2) >> 2;
    }
  }
  return { data, width, height };
}
