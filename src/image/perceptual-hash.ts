import type { RgbImage } from './decode.ts';

/** Cells of the grid that an image is reduced to: each row of nine has eight differences. */
const COLUMNS = 9;
const ROWS = 8;

/** Levels of gray by which a cell must be brighter: noise of compression on plain areas stays below. */
const MARGIN = 1.5;

/** Bits of 64 in which near-identical images may differ. */
export const MAX_DISTANCE = 4;

/** Mean difference of the cells' colors, in levels of 255, that near-identical images may have. */
export const MAX_COLOR_DIFFERENCE = 20;

/** What recompressing or resizing an image hardly changes. */
export interface PerceptualHash {
  /** 64 bits in two unsigned halves: whether a cell is brighter than the one to its left. */
  readonly bits: readonly [high: number, low: number];
  /** Mean red, green and blue of each cell, from 0 to 255: plain images are told apart by these alone. */
  readonly cells: Uint8Array;
}

/** First pixel of a cell and the one after its last; a cell of a small image has one at least. */
function span(cell: number, cells: number, side: number): readonly [from: number, to: number] {
  const from = Math.floor((cell * side) / cells);
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * side) / cells))];
}

/** Mean red, green and blue of each cell, row by row. */
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
 * The difference hash (dHash) of an image, 64 bits of its gray levels, with its colors in coarse.
 * Any size will do; from 72×64 px on it hardly depends on it.
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

/** How many bits of a 32-bit word are set. */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits in which two hashes differ, from 0 to 64. */
export function hashDistance(a: PerceptualHash, b: PerceptualHash): number {
  return bitCount(a.bits[0] ^ b.bits[0]) + bitCount(a.bits[1] ^ b.bits[1]);
}

/** Whether two images have nearly the same colors in all cells, taken together. */
export function haveAlikeColors({ cells: a }: PerceptualHash, { cells: b }: PerceptualHash): boolean {
  let left = MAX_COLOR_DIFFERENCE * a.length;
  for (let at = 0; at < a.length && left >= 0; at++) left -= Math.abs(a[at]! - b[at]!);
  return left >= 0;
}
