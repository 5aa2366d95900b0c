/**
 * Gradients of depthwise convolutions, with the rows of a map as channels. Runtimes process single-channel windows one
 * number at a time. Instead, one matrix product per channel combines all rows with all rows, and only a band of the
 * result is used. This needs more arithmetic, but is 2 to 3 times as fast.
 */
import type { Operation } from '../../../graph/operations.ts';
import type { OnnxEmitter } from '../emitter.ts';

type Shape4 = readonly [batch: number, channels: number, height: number, width: number];

/** Whether the band is wide enough in its matrix to be worthwhile. */
export const isBanded = (kernel: number, height: number) => height <= 32 * kernel;

/** Calls back with each tap of the kernel's height, each output row, and the input row that the tap reads for it. */
function eachRow(
  { kernel, stride, top }: { readonly kernel: number; readonly stride: number; readonly top: number },
  rows: number,
  outRows: number,
  visit: (tap: number, out: number, row: number) => void,
): void {
  for (let tap = 0; tap < kernel; tap++) {
    for (let out = 0; out < outRows; out++) {
      const row = out * stride + tap - top;
      if (row >= 0 && row < rows) visit(tap, out, row);
    }
  }
}

/** The filter's gradient at stride 1, with rows of x as positions, images as channels, and rows of dy as kernels. */
export function bandedGradFilter(
  to: OnnxEmitter,
  { kernel, padding: [top, left, , right] }: Operation & { op: 'convGradFilter' },
  [x, dy]: readonly [string, string],
  [batch, channels, height, width]: Shape4,
  [, , outHeight, outWidth]: Shape4,
): string {
  const maps = to.reshape(to.transpose(x, [1, 0, 2, 3]), [1, channels * batch, height, width]);
  const rows = to.reshape(to.transpose(dy, [1, 2, 0, 3]), [channels * outHeight, batch, 1, outWidth]);
  const products = to.op('Conv', [maps, rows], {
    kernel_shape: [1, outWidth],
    pads: [0, left, 0, right],
    group: channels,
  });
  const pairs = outHeight * height;
  const wanted = new Float32Array(kernel * pairs);
  eachRow({ kernel, stride: 1, top }, height, outHeight, (tap, out, row) => {
    wanted[tap * pairs + out * height + row] = 1;
  });
  const gradient = to.op('MatMul', [
    to.tensor([kernel, pairs], wanted),
    to.reshape(products, [channels, pairs, kernel]),
  ]);
  return to.reshape(gradient, [channels, 1, kernel, kernel]);
}

/**
 * The input's gradient. The band maps dy's rows to all rows of dx for any stride. Only columns need zeros in between,
 * which a product with a matrix inserts.
 */
export function bandedGradInput(
  to: OnnxEmitter,
  { stride, padding: [top, left], height, width }: Operation & { op: 'convGradInput' },
  [dy, weight]: readonly [string, string],
  [batch, channels, outHeight, outWidth]: Shape4,
  kernel: number,
): string {
  const wide = width + kernel - 1;
  const apart = new Float32Array(outWidth * wide);
  for (let column = 0; column < outWidth; column++) {
    const place = column * stride + kernel - 1 - left;
    if (place >= 0 && place < wide) apart[column * wide + place] = 1;
  }
  const columns = to.op('MatMul', [dy, to.tensor([outWidth, wide], apart)]);
  const pairs = height * outHeight;
  const places = new Float32Array(pairs * kernel);
  eachRow({ kernel, stride, top }, height, outHeight, (tap, out, row) => {
    places[(row * outHeight + out) * kernel + tap] = 1;
  });
  const turned = to.slice(weight, [3], [-1], [-kernel - 1], [-1]);
  const band = to.op('MatMul', [
    to.tensor([pairs, kernel], places),
    to.reshape(turned, [channels, kernel, kernel]),
  ]);
  const dx = to.op(
    'Conv',
    [
      to.reshape(columns, [batch, channels * outHeight, 1, wide]),
      to.reshape(band, [channels * height, outHeight, 1, kernel]),
    ],
    { kernel_shape: [1, kernel], group: channels },
  );
  return to.reshape(dx, [batch, channels, height, width]);
}
