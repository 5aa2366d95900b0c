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
 * Where a strided convolution's padding goes: `even` as PyTorch and Darknet pad, ⌊kernel / 2⌋ on each side;
 * `end` as TensorFlow and Keras pad for 'same', what is odd on the bottom and on the right.
 */
export type PaddingStyle = 'even' | 'end';

/**
 * Padding that keeps ⌈size / stride⌉ for odd kernels. Style `end` takes sides to be multiples of the stride:
 * TensorFlow pads other ones by their size.
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
