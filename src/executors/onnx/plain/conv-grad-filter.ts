import type { Operation, Value } from '../../../graph/operations.ts';
import type { OnnxEmitter } from '../emitter.ts';
import { bandedGradFilter, isBanded } from './depthwise.ts';

type ConvGradFilter = Operation & { op: 'convGradFilter' };
type Shape4 = readonly [number, number, number, number];

/** Returns the padding of x before and after for reading a kernel tap in all windows. Negative values crop. */
export function readPadding(
  { kernel, stride, padding }: Pick<ConvGradFilter, 'kernel' | 'stride' | 'padding'>,
  [height, width]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
): readonly [top: number, left: number, bottom: number, right: number] {
  const [top, left] = padding;
  const read = (out: number) => (out - 1) * stride + kernel;
  return [top, left, read(outHeight) - height - top, read(outWidth) - width - left];
}

/**
 * A depthwise filter's gradient is one convolution. Every channel of every image becomes a separate channel, and dy is
 * a kernel of the map's size.
 */
function depthwise(
  to: OnnxEmitter,
  operation: ConvGradFilter,
  [x, dy]: readonly [string, string],
  [batch, channels, height, width]: Shape4,
  [, , outHeight, outWidth]: Shape4,
): string {
  const { kernel, stride } = operation;
  const maps = batch * channels;
  const pads = readPadding(operation, [height, width], [outHeight, outWidth]);
  const [, , bottom, right] = pads;
  const cut =
    bottom < 0 || right < 0
      ? to.slice(x, [2, 3], [0, 0], [height + Math.min(0, bottom), width + Math.min(0, right)])
      : x;
  const [tall, wide] = [height + Math.min(0, bottom), width + Math.min(0, right)];
  const gradient = to.op(
    'Conv',
    [to.reshape(cut, [1, maps, tall, wide]), to.reshape(dy, [maps, 1, outHeight, outWidth])],
    {
      kernel_shape: [outHeight, outWidth],
      dilations: [stride, stride],
      pads: pads.map((size) => Math.max(0, size)),
      group: maps,
    },
  );
  return to.reshape(to.sum(to.reshape(gradient, [batch, channels * kernel ** 2]), [0]), [
    channels,
    1,
    kernel,
    kernel,
  ]);
}

/**
 * Returns the values that each tap reads, [N, C · k², h, w], by a convolution that copies them. For strided windows,
 * this is several times as fast as strided slices. At stride 1, the result would have k² times the size of the input.
 */
function windows(
  to: OnnxEmitter,
  { kernel, stride, padding }: ConvGradFilter,
  x: string,
  shape: Shape4,
): string {
  const [batch, channels, height, width] = shape;
  const taps = kernel ** 2;
  const ones = Float32Array.from({ length: taps ** 2 }, (_, index) => (index % (taps + 1) === 0 ? 1 : 0));
  return to.op(
    'Conv',
    [to.reshape(x, [batch * channels, 1, height, width]), to.tensor([taps, 1, kernel, kernel], ones)],
    { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: padding },
  );
}

/**
 * Matrix products dy [O, pixels] · x [pixels, I], where x contains the values that the taps read. There is one product,
 * or one per tap at stride 1.
 */
export function convGradFilter(
  to: OnnxEmitter,
  operation: ConvGradFilter,
  [x, dy]: readonly string[],
  values: readonly Value[],
): string {
  const { kernel, stride, padding, groups } = operation;
  const shape = values[0]!.shape as Shape4;
  const outShape = values[1]!.shape as Shape4;
  const [batch, channels, height] = shape;
  const [, outChannels, outHeight, outWidth] = outShape;
  if (groups === channels && groups === outChannels) {
    const form = stride === 1 && isBanded(kernel, height) ? bandedGradFilter : depthwise;
    return form(to, operation, [x!, dy!], shape, outShape);
  }
  const pixels = outHeight * outWidth;
  const [perGroup, perGroupOut] = [channels / groups, outChannels / groups];
  const gradients = to.reshape(dy!, [batch, groups, perGroupOut, pixels]);
  const product = (read: string, inputs: number) => {
    const flat = to.reshape(read, [batch, groups, inputs, pixels]);
    const each = to.op('MatMul', [gradients, to.transpose(flat, [0, 1, 3, 2])]);
    return to.reshape(to.sum(each, [0]), [outChannels, perGroup, -1]);
  };
  if (stride > 1) {
    const gradient = product(windows(to, operation, x!, shape), perGroup * kernel ** 2);
    return to.reshape(gradient, [outChannels, perGroup, kernel, kernel]);
  }
  const [top, left, bottom, right] = padding;
  const padded = to.pad(x!, [0, 0, top, left], [0, 0, bottom, right]);
  const taps = Array.from({ length: kernel ** 2 }, (_, tap) => {
    const [row, column] = [Math.floor(tap / kernel), tap % kernel];
    if (kernel === 1) return product(padded, perGroup);
    return product(to.slice(padded, [2, 3], [row, column], [row + outHeight, column + outWidth]), perGroup);
  });
  const stacked = taps.length === 1 ? taps[0]! : to.op('Concat', taps, { axis: 2 });
  return to.reshape(stacked, [outChannels, perGroup, kernel, kernel]);
}
