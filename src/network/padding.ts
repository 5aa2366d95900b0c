import type { Padding } from '../foundation/padding.ts';
import { type KernelSize, kernelSides } from './layers.ts';

/** Side of a convolution's or pool's output: ⌊(size + before + after − kernel) / stride⌋ + 1. */
export function windowedSize(
  size: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
): number {
  return Math.floor((size + before + after - kernel) / stride) + 1;
}

/**
 * Where the padding of a strided convolution goes. `even`: ⌊kernel / 2⌋ on each side, as in PyTorch and Darknet. `end`:
 * as in TensorFlow and Keras with padding 'same', which put the odd pixel at the bottom and right.
 */
export type PaddingStyle = 'even' | 'end';

/**
 * Padding for an output side of ⌈size / stride⌉, with odd kernels. Style `end` assumes that sides are multiples of the
 * stride. For other sides, TensorFlow's padding depends on the size.
 */
export function samePadding(kernel: KernelSize, stride = 1, style: PaddingStyle = 'even'): Padding {
  const around = (side: number): readonly [before: number, after: number] => {
    if (style === 'even' || stride === 1) return [Math.floor(side / 2), Math.floor(side / 2)];
    const all = Math.max(0, side - stride);
    const before = Math.floor(all / 2);
    return [before, all - before];
  };
  const [[top, bottom], [left, right]] = [around(kernelSides(kernel)[0]), around(kernelSides(kernel)[1])];
  return [top, left, bottom, right];
}
