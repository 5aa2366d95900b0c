import type { Operation, Value } from '../../../graph/operations.ts';
import type { OnnxEmitter } from '../emitter.ts';
import { bandedGradInput, isBanded } from './depthwise.ts';
import { dilate } from './pooling.ts';

/** Rotates a weight [O, I, k, k] by 180 degrees. */
export function flipKernel(to: OnnxEmitter, weight: string, kernel: number): string {
  return kernel === 1 ? weight : to.slice(weight, [2, 3], [-1, -1], [-kernel - 1, -kernel - 1], [-1, -1]);
}

/** For strided convolutions without groups. With groups, runtimes process this operation group by group. */
function transposed(
  to: OnnxEmitter,
  { stride, padding: [top, left], height, width }: Operation & { op: 'convGradInput' },
  dy: string,
  weight: string,
  [, , outHeight, outWidth]: readonly number[],
  kernel: number,
): string {
  // Positions beyond the input are cropped. Positions that no window reaches are zero.
  const beyond = (out: number, start: number, size: number) => (out - 1) * stride + kernel - start - size;
  const ends = [beyond(outHeight!, top, height), beyond(outWidth!, left, width)];
  return to.op('ConvTranspose', [dy, weight], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [top, left, ...ends.map((size) => Math.max(0, size))],
    output_padding: ends.map((size) => Math.max(0, -size)),
  });
}

/**
 * The gradient of a convolution's input is a convolution of dy, with its pixels `stride` apart. The weight is rotated
 * by 180 degrees, and its channels are swapped.
 */
export function convGradInput(
  to: OnnxEmitter,
  operation: Operation & { op: 'convGradInput' },
  [dy, weight]: readonly string[],
  values: readonly Value[],
): string {
  const shape = values[0]!.shape as readonly [number, number, number, number];
  const [outChannels, perGroup, kernel] = values[1]!.shape as readonly [number, number, number, number];
  const { stride, padding, groups, height, width } = operation;
  const [top, left] = padding;
  if (stride > 1 && groups === 1) return transposed(to, operation, dy!, weight!, shape, kernel);
  const perGroupOut = outChannels / groups;
  const isDepthwise = perGroup === 1 && perGroupOut === 1;
  if (stride > 1 && isDepthwise && isBanded(kernel, height)) {
    return bandedGradInput(to, operation, [dy!, weight!], shape, kernel);
  }
  const turned = flipKernel(to, weight!, kernel);
  const swap = () => {
    if (groups === 1) return to.transpose(turned, [1, 0, 2, 3]);
    const grouped = to.reshape(turned, [groups, perGroupOut, perGroup, kernel, kernel]);
    return to.reshape(to.transpose(grouped, [0, 2, 1, 3, 4]), [
      groups * perGroup,
      perGroupOut,
      kernel,
      kernel,
    ]);
  };
  const spread = dilate(to, dy!, shape, stride);
  // The side of the result before padding at the end. Rows after it, which no window reaches, get zeros.
  const side = (out: number, start: number) => out * stride + (kernel - 1 - start) - kernel + 1;
  const pads = [kernel - 1 - top, kernel - 1 - left] as const;
  const ends = [height - side(shape[2], top), width - side(shape[3], left)] as const;
  const crop = (size: number) => Math.min(0, size);
  const cropped = [...pads, ...ends].some((size) => size < 0)
    ? to.pad(spread, [0, 0, crop(pads[0]), crop(pads[1])], [0, 0, crop(ends[0]), crop(ends[1])])
    : spread;
  const positive = (size: number) => Math.max(0, size);
  return to.op('Conv', [cropped, isDepthwise ? turned : swap()], {
    kernel_shape: [kernel, kernel],
    pads: [...pads, ...ends].map(positive),
    group: groups,
  });
}
