import type { Size } from '../boxes/formats.ts';
import type { RgbImage } from './decode.ts';

/** Weights are whole numbers of 1/2048, as OpenCV's. */
const WEIGHT_BITS = 11;
const ONE = 1 << WEIGHT_BITS;

interface Taps {
  /** First of the two source positions of each target position. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Weight of the second; the first has the rest. */
  readonly weight: Int32Array;
}

function taps(from: number, to: number): Taps {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const weight = new Int32Array(to);
  for (let i = 0; i < to; i++) {
    // Half-pixel centers, in single precision.
    const position = Math.fround((i + 0.5) * (from / to) - 0.5);
    const floor = Math.floor(position);
    first[i] = Math.min(Math.max(floor, 0), from - 1);
    second[i] = Math.min(Math.max(floor + 1, 0), from - 1);
    weight[i] = Math.round((position - floor) * ONE);
  }
  return { first, second, weight };
}

/**
 * Bilinear resampling: four neighbors, half-pixel centers, no antialiasing; equal to OpenCV's INTER_LINEAR.
 * @returns a new image of the size given in pixels
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
      const w = columns.weight[x]!;
      target[to] = source[a]! * (ONE - w) + source[b]! * w;
      target[to + 1] = source[a + 1]! * (ONE - w) + source[b + 1]! * w;
      target[to + 2] = source[a + 2]! * (ONE - w) + source[b + 2]! * w;
    }
  };
  // The two source rows in use; neighbors in the target mostly share one.
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
    const w = rows.weight[y]!;
    const target = y * stride;
    for (let i = 0; i < stride; i++) {
      // OpenCV's fixed-point rounding: products are cut to 16 bits before they are added.
      const sum = (((upper[i]! >> 4) * (ONE - w)) >> 16) + (((lower[i]! >> 4) * w) >> 16);
      data[target + i] = (sum + 2) >> 2;
    }
  }
  return { data, width, height };
}
