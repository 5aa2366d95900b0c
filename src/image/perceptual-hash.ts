import type { RgbImage } from './decode.ts';

/** Grid to which an image is reduced. Nine columns give eight differences per row. */
const COLUMNS = 9;
const ROWS = 8;

/**
 * A cell counts as brighter if it is brighter by this many gray levels. Compression noise in plain areas stays below.
 */
const MARGIN = 1.5;

/** Maximum number of different bits, out of 64, for near-identical images. */
export const MAX_DISTANCE = 4;

/** Maximum mean color difference of the cells for near-identical images, in levels of 0–255. */
export const MAX_COLOR_DIFFERENCE = 20;

/** Features of an image that recompression and resizing hardly change. */
export interface PerceptualHash {
  /** 64 bits in two unsigned halves. A bit is set if a cell is brighter than the one to its left. */
  readonly bits: readonly [high: number, low: number];
  /** Mean red, green and blue of each cell, 0–255. Plain images differ in these alone. */
  readonly cells: Uint8Array;
}

/** Returns a cell's first pixel and the pixel after its last. In small images, a cell still has at least one pixel. */
function span(cell: number, cells: number, side: number): readonly [from: number, to: number] {
  const from = Math.floor((cell * side) / cells);
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * side) / cells))];
}

/** Returns the mean red, green and blue of each cell, in row-major order. */
function cellMeans({ data, width, height }: RgbImage): Float64Array {
  const means = new Float64Array(COLUMNS * ROWS * 3);
  for (let row = 0; row < ROWS; row++) {
    const [top, bottom] = span(row, ROWS, height);
    for (let column = 0; column < COLUMNS; column++) {
      const [left, right] = span(column, COLUMNS, width);
      const at = 3 * (row * COLUMNS + column);
      for (let y = top; y < bottom; y++) {
        for (let pixel = 3 * (y * width + left); pixel < 3 * (y * width + right); pixel += 3) {
          for (let channel = 0; channel < 3; channel++) means[at + channel]! += data[pixel + channel]!;
        }
      }
      const pixels = (bottom - top) * (right - left);
      for (let channel = 0; channel < 3; channel++) means[at + channel]! /= pixels;
    }
  }
  return means;
}

/**
 * Computes the difference hash (dHash) of an image, 64 bits of its gray levels, and its coarse colors. Images of any
 * size are accepted. From 72×64 px on, the result hardly depends on the size.
 */
export function perceptualHash(image: RgbImage): PerceptualHash {
  const means = cellMeans(image);
  const gray = (cell: number) =>
    0.299 * means[3 * cell]! + 0.587 * means[3 * cell + 1]! + 0.114 * means[3 * cell + 2]!;
  const bits: [number, number] = [0, 0];
  for (let bit = 0; bit < 64; bit++) {
    const cell = (bit >> 3) * COLUMNS + (bit & 7);
    if (gray(cell + 1) - gray(cell) > MARGIN) bits[bit >> 5]! |= 1 << (bit & 31);
  }
  return { bits: [bits[0] >>> 0, bits[1] >>> 0], cells: Uint8Array.from(means, Math.round) };
}

/** Returns the number of set bits in a 32-bit word. */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Returns the number of bits in which two hashes differ, 0–64. */
export function hashDistance(a: PerceptualHash, b: PerceptualHash): number {
  return bitCount(a.bits[0] ^ b.bits[0]) + bitCount(a.bits[1] ^ b.bits[1]);
}

/** Whether two images have nearly the same colors, on average over all cells. */
export function haveAlikeColors({ cells: a }: PerceptualHash, { cells: b }: PerceptualHash): boolean {
  let left = MAX_COLOR_DIFFERENCE * a.length;
  for (let at = 0; at < a.length && left >= 0; at++) left -= Math.abs(a[at]! - b[at]!);
  return left >= 0;
}
