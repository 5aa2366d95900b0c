import type { Window } from '../../../graph/operations.ts';
import { isTiling } from '../../../graph/windows.ts';
import type { OnnxEmitter } from '../emitter.ts';

/** Nearest-neighbor upsampling by an integer factor. */
export function upsample(to: OnnxEmitter, x: string, factor: number): string {
  return to.op('Resize', [x, '', to.floats([1, 1, factor, factor])], {
    mode: 'nearest',
    nearest_mode: 'floor',
    coordinate_transformation_mode: 'asymmetric',
  });
}

/** Inserts stride − 1 zeros after each pixel of x [N, C, h, w]: [N, C, h·stride, w·stride]. */
export function dilate(to: OnnxEmitter, x: string, shape: readonly number[], stride: number): string {
  if (stride === 1) return x;
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const apart = to.reshape(x, [batch * channels, height, 1, width, 1]);
  const gap = stride - 1;
  const filled = to.pad(apart, [0, 0, 0, 0, 0], [0, 0, gap, 0, gap]);
  return to.reshape(filled, [batch, channels, height * stride, width * stride]);
}

interface Windows {
  readonly window: Window;
  /** Shape [N, C, H, W] of the pool's input, and [h, w] of its output. */
  readonly input: readonly number[];
  readonly output: readonly [height: number, width: number];
}

function windowsOf(window: Window, input: readonly number[]): Windows {
  const [top, left, bottom, right] = window.padding;
  const side = (size: number, padding: number) =>
    Math.floor((size + padding - window.kernel) / window.stride) + 1;
  return { window, input, output: [side(input[2]!, top + bottom), side(input[3]!, left + right)] };
}

const taps = (kernel: number) =>
  Array.from({ length: kernel ** 2 }, (_, tap) => [Math.floor(tap / kernel), tap % kernel] as const);

/**
 * Adds values [N, C, h, w] of each tap of a window at the positions that the tap reads. This is the transpose of
 * extracting windows.
 */
function putBack(
  to: OnnxEmitter,
  { window: { kernel, stride, padding }, input, output: [h, w] }: Windows,
  valueAt: (row: number, column: number) => string,
): string {
  const [batch, channels, height, width] = input as [number, number, number, number];
  const [top, left] = padding;
  // Room for every tap, and for rows and columns that no window reaches.
  const tall = Math.max(h * stride + kernel - 1, top + height);
  const wide = Math.max(w * stride + kernel - 1, left + width);
  const placed = taps(kernel).map(([row, column]) => {
    const spread = dilate(to, valueAt(row, column), [batch, channels, h, w], stride);
    return to.pad(spread, [0, 0, row, column], [0, 0, tall - h * stride - row, wide - w * stride - column]);
  });
  const sum = placed.reduce((total, value) => to.op('Add', [total, value]));
  return to.slice(sum, [2, 3], [top, left], [top + height, left + width]);
}

const isTiled = ({ window, input, output }: Windows) => isTiling(window, [input[2]!, input[3]!], output);

/** Pixels of a window that share the maximum share its gradient equally. */
export function maxPoolGrad(
  to: OnnxEmitter,
  window: Window,
  [x, y, dy]: readonly string[],
  input: readonly number[],
): string {
  const windows = windowsOf(window, input);
  const { kernel, stride } = window;
  const equal = (a: string, b: string) => to.op('Cast', [to.op('Equal', [a, b])], { to: 1 });
  if (isTiled(windows)) {
    const mask = equal(x!, upsample(to, y!, kernel));
    const share = to.op('AveragePool', [mask], { kernel_shape: [kernel, kernel], strides: [stride, stride] });
    const each = to.op('Mul', [to.op('Div', [dy!, share]), to.scalar(1 / kernel ** 2)]);
    return to.op('Mul', [mask, upsample(to, each, kernel)]);
  }
  const [top, left, bottom, right] = window.padding;
  const [h, w] = windows.output;
  const padded = to.pad(x!, [0, 0, top, left], [0, 0, bottom, right], Number.NEGATIVE_INFINITY);
  const masks = taps(kernel).map(([row, column]) => {
    const end = (start: number, count: number) => start + (count - 1) * stride + 1;
    const seen = to.slice(padded, [2, 3], [row, column], [end(row, h), end(column, w)], [stride, stride]);
    return equal(seen, y!);
  });
  const each = to.op('Div', [dy!, masks.reduce((total, mask) => to.op('Add', [total, mask]))]);
  return putBack(to, windows, (row, column) => to.op('Mul', [masks[row * kernel + column]!, each]));
}

/** @param shape of dy, [N, C, h, w] */
export function avgPoolGrad(
  to: OnnxEmitter,
  operation: Window & { readonly height: number; readonly width: number },
  dy: string,
  [batch, channels]: readonly number[],
): string {
  const { kernel, stride, padding, height, width } = operation;
  const windows = windowsOf(operation, [batch!, channels!, height, width]);
  if (isTiled(windows)) {
    return upsample(to, to.op('Mul', [dy, to.scalar(1 / kernel ** 2)]), kernel);
  }
  const [top, left] = padding;
  const [h, w] = windows.output;
  const inside = (start: number, size: number) => Math.min(start + kernel, size) - Math.max(start, 0);
  const shares = Float32Array.from({ length: h * w }, (_, index) => {
    const [row, column] = [Math.floor(index / w) * stride - top, (index % w) * stride - left];
    return 1 / (inside(row, height) * inside(column, width));
  });
  const each = to.op('Mul', [dy, to.tensor([1, 1, h, w], shares)]);
  return putBack(to, windows, () => each);
}
