import type { Operation, Value } from '../../graph/operations.ts';
import type { OnnxEmitter } from '../emitter.ts';

type ConvGradFilter = Operation & { op: 'convGradFilter' };

/** Rows (or columns) of x that the windows of a kernel's tap read: padding before and after, negative where cut. */
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
 * A depthwise filter's gradient is one convolution, with every channel of every image a channel of its own
 * and dy as a kernel of the map's size.
 */
function depthwise(
  to: OnnxEmitter,
  operation: ConvGradFilter,
  [x, dy]: readonly [string, string],
  shape: readonly number[],
  [, , outHeight, outWidth]: readonly number[],
): string {
  const { kernel, stride } = operation;
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const maps = batch * channels;
  const pads = readPadding(operation, [height, width], [outHeight!, outWidth!]);
  const [, , bottom, right] = pads;
  const cut =
    bottom < 0 || right < 0
      ? to.slice(x, [2, 3], [0, 0], [height + Math.min(0, bottom), width + Math.min(0, right)])
      : x;
  const [tall, wide] = [height + Math.min(0, bottom), width + Math.min(0, right)];
  const gradient = to.op(
    'Conv',
    [to.reshape(cut, [1, maps, tall, wide]), to.reshape(dy, [maps, 1, outHeight!, outWidth!])],
    {
      kernel_shape: [outHeight!, outWidth!],
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

/** One matrix product a tap: dy [O, pixels] · x [pixels, I], where x is what the tap reads. */
export function convGradFilter(
  to: OnnxEmitter,
  operation: ConvGradFilter,
  [x, dy]: readonly string[],
  values: readonly Value[],
): string {
  const { kernel, stride, groups } = operation;
  const shape = values[0]!.shape as readonly [number, number, number, number];
  const outShape = values[1]!.shape as readonly [number, number, number, number];
  const [batch, channels, height, width] = shape;
  const [, outChannels, outHeight, outWidth] = outShape;
  if (groups === channels && groups === outChannels) {
    return depthwise(to, operation, [x!, dy!], shape, outShape);
  }
  const pixels = outHeight * outWidth;
  const [perGroup, perGroupOut] = [channels / groups, outChannels / groups];
  const [top, left, bottom, right] = readPadding(operation, [height, width], [outHeight, outWidth]);
  const padded = to.pad(x!, [0, 0, top, left], [0, 0, Math.max(0, bottom), Math.max(0, right)]);
  const gradients = to.reshape(dy!, [batch, groups, perGroupOut, pixels]);
  const taps = Array.from({ length: kernel ** 2 }, (_, tap) => {
    const [row, column] = [Math.floor(tap / kernel), tap % kernel];
    const end = (start: number, count: number) => start + (count - 1) * stride + 1;
    const isWhole = kernel === 1 && stride === 1 && pixels === height * width;
    const read = isWhole
      ? padded
      : to.slice(
          padded,
          [2, 3],
          [row, column],
          [end(row, outHeight), end(column, outWidth)],
          [stride, stride],
        );
    const flat = to.reshape(read, [batch, groups, perGroup, pixels]);
    const product = to.op('MatMul', [gradients, to.transpose(flat, [0, 1, 3, 2])]);
    return to.reshape(to.sum(product, [0]), [outChannels, perGroup, 1]);
  });
  const stacked = taps.length === 1 ? taps[0]! : to.op('Concat', taps, { axis: 2 });
  return to.reshape(stacked, [outChannels, perGroup, kernel, kernel]);
}
