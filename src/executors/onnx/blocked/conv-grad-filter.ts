// Longer than other files: the forms of one gradient stand side by side, because `filterForms` chooses between them.
import type { Operation } from '../../../graph/operations.ts';
import type { OnnxEmitter } from '../emitter.ts';
import { readPadding } from '../plain/conv-grad-filter.ts';
import type { BlockedMap } from './channels.ts';
import { type KernelLayout, MICROSOFT, NCHWC, packedShape, transposeSquares } from './layout.ts';

type ConvGradFilter = Operation & { op: 'convGradFilter' };

/** What every form of a filter's gradient works from. */
export interface FilterGradient {
  readonly operation: ConvGradFilter;
  readonly layout: KernelLayout;
  /** The input in plain order, its channels filled up to whole blocks (not for a thin weight). */
  readonly x: string;
  readonly xShape: readonly [batch: number, channels: number, height: number, width: number];
  /** The input as it lies in blocks. */
  readonly xBlocked: string;
  readonly dy: BlockedMap;
}

/** Input in plain order with the rows and columns that the kernel reads, no more and no fewer. */
function readMap(to: OnnxEmitter, { operation, x, xShape, dy }: FilterGradient, map = x): string {
  const [, , height, width] = xShape;
  const [, , outHeight, outWidth] = dy.shape;
  const [top, left, bottom, right] = readPadding(operation, [height, width], [outHeight, outWidth]);
  return to.pad(map, [0, 0, top, left], [0, 0, bottom, right]);
}

const readSize = ({ operation: { kernel, stride }, dy: { shape } }: FilterGradient) =>
  [(shape[2] - 1) * stride + kernel, (shape[3] - 1) * stride + kernel] as const;

/** dy as a kernel of the map's size. */
const asKernel = ({ operation: { stride }, dy: { shape } }: FilterGradient) => ({
  kernel_shape: [shape[2], shape[3]],
  dilations: [stride, stride],
});

/** [I, O / b, taps, b] as a packed weight. */
function finish(to: OnnxEmitter, gradient: string, layout: KernelLayout): string {
  const { kind, block, kernel } = layout;
  const shape = packedShape(layout);
  const [outs, inputs] = shape;
  const taps = kernel ** 2;
  const turned =
    kind === 'thin'
      ? to.transpose(to.reshape(gradient, [inputs, outs / block, taps * block]), [1, 0, 2])
      : to.transpose(
          to.reshape(gradient, [inputs / block, block, outs / block, taps, block]),
          [2, 0, 3, 1, 4],
        );
  return to.reshape(turned, shape);
}

/** `finish` for large weights: squares are turned where they lie, which is faster than moving single numbers. */
function finishSquares(to: OnnxEmitter, gradient: string, layout: KernelLayout): string {
  const { block, kernel } = layout;
  const shape = packedShape(layout);
  const [outBlocks, inBlocks] = [shape[0] / block, shape[1] / block];
  const taps = kernel ** 2;
  const rows = to.reshape(gradient, [inBlocks, block, 1, shape[0] * taps]);
  const lanes = to.op('ReorderInput', [rows], {}, NCHWC);
  const squares = transposeSquares(to, lanes, inBlocks * outBlocks * taps, block);
  const turned = to.transpose(to.reshape(squares, [inBlocks, outBlocks, taps * block * block]), [1, 0, 2]);
  return to.reshape(turned, shape);
}

/** One convolution an image, each adding to the last: channels as images, dy as a kernel of the map's size. */
function byImage(to: OnnxEmitter, gradient: FilterGradient): string {
  const { xShape, dy } = gradient;
  const [batch, inputs] = xShape;
  const [tall, wide] = readSize(gradient);
  const [, outs, height, width] = dy.shape;
  const each = (name: string) =>
    batch === 1 ? [name] : to.ops('Split', [name, to.integers(new Array(batch).fill(1))], batch, { axis: 0 });
  const maps = each(readMap(to, gradient));
  const kernels = each(dy.name);
  let sum: string | undefined;
  for (let image = 0; image < batch; image++) {
    const inputsOf = [
      to.reshape(maps[image]!, [inputs, 1, tall, wide]),
      to.reshape(kernels[image]!, [outs, 1, height, width]),
    ];
    sum = to.op('Conv', sum ? [...inputsOf, '', sum] : inputsOf, asKernel(gradient), NCHWC);
  }
  return finish(to, sum!, gradient.layout);
}

/** All images in one convolution, a group each. */
function grouped(to: OnnxEmitter, gradient: FilterGradient): string {
  const { layout, dy, xShape } = gradient;
  const [batch, inputs] = xShape;
  const [, outs, height, width] = dy.shape;
  const maps = to.transpose(readMap(to, gradient), [1, 0, 2, 3]);
  const kernels = to.reshape(dy.name, [batch * outs, 1, height, width]);
  const each = to.op('Conv', [maps, kernels], { ...asKernel(gradient), group: batch }, NCHWC);
  const sum = to.sum(to.reshape(each, [inputs, batch, outs * layout.kernel ** 2]), [1]);
  return finish(to, sum, layout);
}

/** The images as one block of channels: for a batch of exactly a block. */
function asBlock(to: OnnxEmitter, gradient: FilterGradient): string {
  const { x, xShape, dy, operation } = gradient;
  const { block } = dy;
  const [batch, inputs, height, width] = xShape;
  const [, outs, outHeight, outWidth] = dy.shape;
  const [tall, wide] = readSize(gradient);
  const [top, left, bottom, right] = readPadding(operation, [height, width], [outHeight, outWidth]);
  const lanes = to.op('ReorderInput', [to.reshape(x, [1, batch, inputs * height, width])], {}, NCHWC);
  const maps = to.pad(
    to.reshape(lanes, [inputs, height, width * block]),
    [0, top, left * block],
    [0, bottom, right * block],
  );
  const pixels = outHeight * outWidth;
  const kernels = to.transpose(to.reshape(dy.name, [batch, outs / block, pixels, block]), [1, 2, 0, 3]);
  const sum = to.op(
    'Conv',
    [to.reshape(maps, [inputs, batch, tall, wide]), to.reshape(kernels, [outs, batch, outHeight, outWidth])],
    asKernel(gradient),
    NCHWC,
  );
  return finishSquares(to, sum, gradient.layout);
}

/** 1×1: a product of matrices an image, then their sum. */
function byProduct(to: OnnxEmitter, { layout, x, xShape, dy }: FilterGradient): string {
  const { block } = layout;
  const [batch, inputs, height, width] = xShape;
  const shape = packedShape(layout);
  const outs = shape[0];
  const pixels = height * width;
  const gradients = to.reshape(to.op('ReorderOutput', [dy.name], { channels: outs }, NCHWC), [
    batch,
    outs,
    pixels,
  ]);
  const each = to.op(
    'FusedMatMul',
    [gradients, to.reshape(x, [batch, inputs, pixels])],
    { transB: 1 },
    MICROSOFT,
  );
  const sum = to.reshape(to.sum(each, [0]), [outs / block, block, 1, inputs]);
  return to.reshape(to.op('ReorderInput', [sum], {}, NCHWC), shape);
}

/** 1×1: all pixels of the batch as the channels of one convolution. */
function asPixels(to: OnnxEmitter, { layout, xBlocked, xShape, dy }: FilterGradient): string {
  const { block } = layout;
  const [batch, inputs, height, width] = xShape;
  const shape = packedShape(layout);
  const outs = shape[0];
  const pixels = batch * height * width;
  const last = to.op('ReorderOutput', [xBlocked], { channels: inputs, channels_last: 1 }, NCHWC);
  const lanes = to.op('ReorderInput', [to.reshape(last, [pixels / block, block, 1, inputs])], {}, NCHWC);
  const kernels = to.transpose(to.reshape(dy.name, [batch, outs / block, height * width * block]), [1, 0, 2]);
  const product = to.op(
    'Conv',
    [to.reshape(lanes, [1, pixels, 1, inputs]), to.reshape(kernels, [outs, pixels, 1, 1])],
    { kernel_shape: [1, 1] },
    NCHWC,
  );
  return to.reshape(product, shape);
}

/** Every channel of every image as a channel of its own. */
function depthwise(to: OnnxEmitter, gradient: FilterGradient): string {
  const { operation, layout, xBlocked, xShape, dy } = gradient;
  const { kernel, block } = layout;
  const [batch, channels, height, width] = xShape;
  const [, , outHeight, outWidth] = dy.shape;
  const maps = batch * channels;
  const pads = readPadding(operation, [height, width], [outHeight, outWidth]);
  const each = to.op(
    'Conv',
    [to.reshape(xBlocked, [1, maps, height, width]), to.reshape(dy.name, [maps, 1, outHeight, outWidth])],
    { ...asKernel(gradient), pads, group: maps },
    NCHWC,
  );
  const sum = to.sum(to.reshape(each, [batch, (channels / block) * kernel ** 2 * block]), [0]);
  return to.reshape(sum, packedShape(layout));
}

/** Forms of one gradient that compute the same and differ in speed. */
export const FORMS = { byImage, grouped, asBlock, byProduct, asPixels, depthwise } as const;
export type FilterForm = keyof typeof FORMS;

/** Forms that can compute a gradient, the one that is usually fastest first; none where it runs plain. */
export function filterForms({ operation, layout, xShape, dy }: FilterGradient): readonly FilterForm[] {
  const [batch, , height, width] = xShape;
  const { block } = layout;
  const [, , outHeight, outWidth] = dy.shape;
  const pads = readPadding(operation, [height, width], [outHeight, outWidth]);
  if (layout.kind === 'depthwise') return pads.every((size) => size >= 0) ? ['depthwise'] : [];
  if (layout.kernel === 1 && operation.stride === 1 && layout.kind === 'dense') {
    const whole = (batch * height * width) % block === 0 ? (['asPixels'] as const) : [];
    if (pads.some((size) => size !== 0)) return [];
    return height * width >= 256 ? ['byProduct', ...whole] : [...whole, 'byProduct'];
  }
  // As groups the images are channels: fewer than a block, or whole blocks.
  const together = batch < block || batch % block === 0 ? (['grouped'] as const) : [];
  if (layout.kind === 'thin') return [...together, 'byImage'];
  const small = batch === block && operation.stride === 1 ? (['asBlock'] as const) : [];
  const large =
    operation.stride === 1 ? (['byImage', ...together] as const) : ([...together, 'byImage'] as const);
  return outHeight * outWidth <= 600 ? [...small, ...large] : [...large, ...small];
}
