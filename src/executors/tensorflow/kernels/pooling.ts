import type { Window } from '../../../graph/operations.ts';
import { isTiling } from '../../../graph/windows.ts';
import type { TfTensor } from '../tfjs.ts';
import { spreadWindows } from './convolution.ts';
import { cast } from './elementwise.ts';
import type { Kernels } from './kernels.ts';

type Sizes = readonly [batch: number, height: number, width: number, channels: number];

/** Pads x [N, H, W, C] with the window's padding. */
function padded(
  k: Kernels,
  x: TfTensor,
  { padding: [top, left, bottom, right] }: Window,
  value: number,
): TfTensor {
  return k.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

const attributes = ({ kernel, stride }: Window) => ({
  filterSize: [kernel, kernel],
  strides: [stride, stride],
  pad: 'valid',
  dimRoundingMode: 'floor',
});

const isPadded = ({ padding }: Window) => padding.some((side) => side !== 0);

export function maxPool(k: Kernels, window: Window, x: TfTensor): TfTensor {
  return k.run('MaxPool', { x: padded(k, x, window, Number.NEGATIVE_INFINITY) }, attributes(window));
}

/** [1, h, w, 1]: for each window, `factor` divided by the number of its pixels inside the map. */
function shares(
  k: Kernels,
  { kernel, stride, padding: [top, left] }: Window,
  [height, width]: readonly [height: number, width: number],
  [rows, columns]: readonly [rows: number, columns: number],
  factor: number,
): TfTensor {
  const inside = (start: number, size: number) => Math.min(start + kernel, size) - Math.max(start, 0);
  const data = Float32Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return factor / (inside(row * stride - top, height) * inside(column * stride - left, width));
  });
  return k.tensor(data, [1, rows, columns, 1]);
}

export function avgPool(k: Kernels, window: Window, x: TfTensor): TfTensor {
  const means = k.run('AvgPool', { x: padded(k, x, window, 0) }, attributes(window));
  if (!isPadded(window)) return means;
  const [, height, width] = x.shape as Sizes;
  const [, rows, columns] = means.shape as Sizes;
  return k.multiply(means, shares(k, window, [height, width], [rows, columns], window.kernel ** 2));
}

/** @param area height and width of the pool's input */
export function avgPoolGrad(
  k: Kernels,
  window: Window,
  dy: TfTensor,
  area: readonly [height: number, width: number],
): TfTensor {
  const [, rows, columns] = dy.shape as Sizes;
  return spreadWindows(k, window, k.multiply(dy, shares(k, window, area, [rows, columns], 1)), area);
}

/** 1 if equal, otherwise 0. */
const equalMask = (k: Kernels, a: TfTensor, b: TfTensor) => cast(k, k.run('Equal', { a, b }), 'float32');

/** For windows that neither overlap nor leave pixels out. A reshape separates the pixels of a window. */
function tiledMaxPoolGrad(k: Kernels, kernel: number, x: TfTensor, y: TfTensor, dy: TfTensor): TfTensor {
  const [batch, rows, columns, channels] = y.shape as Sizes;
  const windows = [batch * rows, kernel, columns, kernel, channels];
  const each = [batch * rows, 1, columns, 1, channels];
  const mask = equalMask(k, k.reshape(x, windows), k.reshape(y, each));
  // Average pooling is many times as fast here as a sum over two axes.
  const pool = { kernel, stride: kernel, padding: [0, 0, 0, 0] } as const;
  const shareOfPixels = k.run('AvgPool', { x: k.reshape(mask, x.shape) }, attributes(pool));
  const share = k.divide(dy, k.multiply(shareOfPixels, k.number(kernel ** 2)));
  return k.reshape(k.multiply(mask, k.reshape(share, each)), x.shape);
}

/** Inserts stride − 1 zeros after each pixel of x [N, h, w, C]: [N, h·stride, w·stride, C]. */
function dilate(k: Kernels, x: TfTensor, stride: number): TfTensor {
  if (stride === 1) return x;
  const [batch, rows, columns, channels] = x.shape as Sizes;
  const apart = k.reshape(x, [batch * rows, 1, columns, channels]);
  const gap = [0, stride - 1] as const;
  const tall = k.pad(apart, [[0, 0], gap, [0, 0], [0, 0]]);
  const wide = k.pad(k.reshape(tall, [batch * rows * stride, columns, 1, channels]), [
    [0, 0],
    [0, 0],
    gap,
    [0, 0],
  ]);
  return k.reshape(wide, [batch, rows * stride, columns * stride, channels]);
}

/** Pixels of a window that share the maximum share its gradient equally. */
export function maxPoolGrad(k: Kernels, window: Window, [x, y, dy]: readonly TfTensor[]): TfTensor {
  const { kernel, stride, padding } = window;
  const [, height, width] = x!.shape as Sizes;
  const [, rows, columns] = y!.shape as Sizes;
  if (isTiling(window, [height, width], [rows, columns])) {
    return tiledMaxPoolGrad(k, kernel, x!, y!, dy!);
  }
  const [top, left] = padding;
  const taps = Array.from(
    { length: kernel ** 2 },
    (_, tap) => [Math.floor(tap / kernel), tap % kernel] as const,
  );
  const framed = padded(k, x!, window, Number.NEGATIVE_INFINITY);
  const masks = taps.map(([row, column]) => {
    const end = [
      x!.shape[0]!,
      row + (rows - 1) * stride + 1,
      column + (columns - 1) * stride + 1,
      x!.shape[3]!,
    ];
    const seen = k.run(
      'StridedSlice',
      { x: framed },
      {
        begin: [0, row, column, 0],
        end,
        strides: [1, stride, stride, 1],
        beginMask: 0,
        endMask: 0,
        ellipsisMask: 0,
        newAxisMask: 0,
        shrinkAxisMask: 0,
      },
    );
    return equalMask(k, seen, y!);
  });
  const share = k.divide(
    dy!,
    masks.reduce((total, mask) => k.add(total, mask)),
  );
  // Room for every tap, and for rows and columns that no window reaches.
  const tall = Math.max(rows * stride + kernel - 1, top + height);
  const wide = Math.max(columns * stride + kernel - 1, left + width);
  const placed = masks.map((mask, tap) => {
    const [row, column] = taps[tap]!;
    const spread = dilate(k, k.multiply(mask, share), stride);
    return k.pad(spread, [
      [0, 0],
      [row, tall - rows * stride - row],
      [column, wide - columns * stride - column],
      [0, 0],
    ]);
  });
  const sum = placed.reduce((total, part) => k.add(total, part));
  return k.slice(k.slice(sum, 1, top, top + height), 2, left, left + width);
}
