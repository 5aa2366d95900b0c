import type { XyxyPx } from '../../boxes/formats.ts';
import type { RgbImage } from '../../image/decode.ts';
import { compose, invert, type Matrix, mapBox, scaling } from './matrix.ts';
import { shrinkByArea } from './shrink.ts';

/** Subpixel positions have a resolution of 1/256 pixel. */
const STEPS = 256;
/** Added before truncating to a step, so that positions are rounded. In pixels. */
const HALF_STEP = 0.5 / STEPS;
/** Larger than the accumulated rounding errors of positions in a row. In pixels. */
const MARGIN = 1e-6;

/** Narrows [from, to) to the integers x with low ≤ start + step · x < high. */
function narrow(
  [from, to]: readonly [number, number],
  start: number,
  step: number,
  low: number,
  high: number,
): readonly [number, number] {
  if (step === 0) return start >= low && start < high ? [from, to] : [from, from];
  // For a negative step, `high` itself must be excluded, hence floor + 1.
  const [first, end] =
    step > 0
      ? [Math.ceil((low - start) / step), Math.ceil((high - start) / step)]
      : [Math.floor((high - start) / step) + 1, Math.floor((low - start) / step) + 1];
  const begin = Math.min(Math.max(from, first), to);
  return [begin, Math.max(begin, Math.min(to, end))];
}

/** Samples a pixel with some of its four neighbors outside the image. Edge pixels are repeated there. */
function sampleEdge({ data, width, height }: RgbImage, u: number, v: number, target: Uint8Array, to: number) {
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const [right, lower] = [Math.floor((u - column) * STEPS), Math.floor((v - row) * STEPS)];
  const x = (value: number) => 3 * Math.min(Math.max(value, 0), width - 1);
  const y = (value: number) => 3 * width * Math.min(Math.max(value, 0), height - 1);
  const [x0, x1, y0, y1] = [x(column), x(column + 1), y(row), y(row + 1)];
  for (let c = 0; c < 3; c++) {
    const upper = data[y0 + x0 + c]! * (STEPS - right) + data[y0 + x1 + c]! * right;
    const under = data[y1 + x0 + c]! * (STEPS - right) + data[y1 + x1 + c]! * right;
    target[to + c] = (upper * (STEPS - lower) + under * lower + 32768) >> 16;
  }
}

/** Samples the pixels of one row that have all four neighbors inside the image. */
function sampleInside(
  source: Uint8Array,
  stride: number,
  target: Uint8Array,
  begin: number,
  end: number,
  start: readonly [u: number, v: number],
  step: readonly [u: number, v: number],
) {
  let [u, v] = start;
  const [stepU, stepV] = step;
  for (let to = begin; to < end; to += 3, u += stepU, v += stepV) {
    const column = u | 0;
    const row = v | 0;
    const x = ((u - column) * STEPS) | 0;
    const y = ((v - row) * STEPS) | 0;
    const w3 = Math.imul(x, y);
    const w1 = (x << 8) - w3;
    const w2 = (y << 8) - w3;
    const w0 = 65536 - w1 - w2 - w3;
    const a = (Math.imul(row, stride) + 3 * column) | 0;
    const b = (a + stride) | 0;
    target[to] =
      (Math.imul(source[a]!, w0) +
        Math.imul(source[a + 3]!, w1) +
        Math.imul(source[b]!, w2) +
        Math.imul(source[b + 3]!, w3) +
        32768) >>
      16;
    target[to + 1] =
      (Math.imul(source[a + 1]!, w0) +
        Math.imul(source[a + 4]!, w1) +
        Math.imul(source[b + 1]!, w2) +
        Math.imul(source[b + 4]!, w3) +
        32768) >>
      16;
    target[to + 2] =
      (Math.imul(source[a + 2]!, w0) +
        Math.imul(source[a + 5]!, w1) +
        Math.imul(source[b + 2]!, w2) +
        Math.imul(source[b + 5]!, w3) +
        32768) >>
      16;
  }
}

/**
 * Paints a transformed image on a canvas, with bilinear sampling and half-pixel centers. If the scale is 1/2 or less,
 * the image is first shrunk by area averaging, which avoids aliasing. Canvas pixels whose centers are outside the image
 * do not change.
 * @param matrix maps pixels of the image to pixels of the canvas
 * @param canvas image to paint on, changed in place
 * @param part part of the image to paint, in its pixels
 */
export function warp(
  image: RgbImage,
  matrix: Matrix,
  canvas: RgbImage,
  part: XyxyPx = [0, 0, image.width, image.height],
): void {
  const [a, b, , d, e] = matrix;
  const factorX = Math.max(1, Math.floor(1 / Math.hypot(a, d)));
  const factorY = Math.max(1, Math.floor(1 / Math.hypot(b, e)));
  if (factorX > 1 || factorY > 1) {
    const smaller = shrinkByArea(image, factorX, factorY);
    const enlarge = scaling(factorX, factorY);
    warp(smaller, compose(matrix, enlarge), canvas, mapBox(invert(enlarge), part));
    return;
  }
  const [left, top, right, bottom] = part;
  const [stepU, b1, c1, stepV, e1, f1] = invert(matrix);
  const reach = mapBox(matrix, part);
  const firstRow = Math.max(0, Math.floor(reach[1]));
  const endRow = Math.min(canvas.height, Math.ceil(reach[3]));
  const shift = HALF_STEP - 0.5;
  for (let y = firstRow; y < endRow; y++) {
    const u = stepU * 0.5 + b1 * (y + 0.5) + c1;
    const v = stepV * 0.5 + e1 * (y + 0.5) + f1;
    const inPart = narrow(narrow([0, canvas.width], u, stepU, left, right), v, stepV, top, bottom);
    const [startU, startV] = [u + shift, v + shift];
    const acrossInside = narrow(inPart, startU, stepU, MARGIN, image.width - 1 - MARGIN);
    const [first, end] = narrow(acrossInside, startV, stepV, MARGIN, image.height - 1 - MARGIN);
    const row = 3 * y * canvas.width;
    const edge = (x: number) =>
      sampleEdge(image, startU + stepU * x, startV + stepV * x, canvas.data, row + 3 * x);
    for (let x = inPart[0]; x < first; x++) edge(x);
    const start = [startU + stepU * first, startV + stepV * first] as const;
    const step = [stepU, stepV] as const;
    sampleInside(image.data, 3 * image.width, canvas.data, row + 3 * first, row + 3 * end, start, step);
    for (let x = Math.max(first, end); x < inPart[1]; x++) edge(x);
  }
}
