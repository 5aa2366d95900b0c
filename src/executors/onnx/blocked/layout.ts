import { elementCount } from '../../../foundation/element-count.ts';
import type { Shape } from '../../../graph/operations.ts';
import type { OnnxEmitter } from '../emitter.ts';
import type { Packing } from '../lowered-step.ts';

/**
 * ONNX Runtime's layout for CPUs: channels in blocks that fill a vector register, each block's channels side
 * by side. A map [N, C, H, W] lies as [N, C / block, H, W, block]; tensors keep their plain shape.
 */
export const NCHWC = 'com.microsoft.nchwc';
export const MICROSOFT = 'com.microsoft';

/** Channels with those that fill up the last block. */
export function paddedChannels(channels: number, block: number): number {
  return Math.ceil(channels / block) * block;
}

/**
 * How a convolution's weight lies. `dense`: [O / b, I / b, k, k, b (of I), b (of O)]; `thin`, of fewer input
 * channels than a block, which are read from a plain map: [O / b, I, k, k, b]; `depthwise`: [C / b, 1, k, k, b].
 */
export interface KernelLayout {
  readonly kind: 'dense' | 'thin' | 'depthwise';
  readonly block: number;
  readonly kernel: number;
  /** As the network has them. */
  readonly outChannels: number;
  readonly inChannels: number;
}

/** The layout of a convolution's weight [O, I / groups, k, k]; none where it runs plain. */
export function kernelLayout(shape: Shape, groups: number, block: number): KernelLayout | undefined {
  const [outChannels, perGroup, kernel] = shape as [number, number, number];
  if (groups === outChannels && perGroup === 1 && groups > 1) {
    return { kind: 'depthwise', block, kernel, outChannels, inChannels: 1 };
  }
  if (groups !== 1) return undefined;
  const kind = perGroup < block ? 'thin' : 'dense';
  return { kind, block, kernel, outChannels, inChannels: perGroup };
}

/** The shape that a packed weight is declared with: plain order, channels filled up. */
export function packedShape(layout: KernelLayout): readonly [number, number, number, number] {
  const { kind, block, kernel, outChannels, inChannels } = layout;
  const inputs = kind === 'dense' ? paddedChannels(inChannels, block) : inChannels;
  return [paddedChannels(outChannels, block), inputs, kernel, kernel];
}

/** Calls back with the place of each weight in plain and in packed order. */
function eachWeight(layout: KernelLayout, visit: (plain: number, packed: number) => void): void {
  const { kind, block, kernel, outChannels, inChannels } = layout;
  const [, inputs] = packedShape(layout);
  const taps = kernel ** 2;
  let plain = 0;
  for (let out = 0; out < outChannels; out++) {
    const [outBlock, outLane] = [Math.floor(out / block), out % block];
    for (let input = 0; input < inChannels; input++) {
      for (let tap = 0; tap < taps; tap++, plain++) {
        if (kind === 'dense') {
          const [inBlock, inLane] = [Math.floor(input / block), input % block];
          const cell = (outBlock * (inputs / block) + inBlock) * taps + tap;
          visit(plain, (cell * block + inLane) * block + outLane);
        } else visit(plain, ((outBlock * inputs + input) * taps + tap) * block + outLane);
      }
    }
  }
}

/** Packs weights outside the graph; channels that only fill a block are zero. */
export function kernelPacking(layout: KernelLayout): Packing {
  const { kernel, outChannels, inChannels } = layout;
  const blank = (shape: readonly number[]) => ({
    shape,
    data: new Float32Array(elementCount(shape)),
  });
  return {
    pack({ data }) {
      const result = blank(packedShape(layout));
      eachWeight(layout, (plain, packed) => {
        result.data[packed] = data[plain]!;
      });
      return result;
    },
    unpack({ data }) {
      const result = blank([outChannels, inChannels, kernel, kernel]);
      eachWeight(layout, (plain, packed) => {
        result.data[plain] = data[packed]!;
      });
      return result;
    },
  };
}

/** A plain weight in the layout, inside a graph. */
export function packKernel(to: OnnxEmitter, plain: string, layout: KernelLayout): string {
  const { kind, block, kernel, outChannels, inChannels } = layout;
  const [outs, inputs] = packedShape(layout);
  const taps = kernel ** 2;
  const filled = to.pad(plain, [0, 0, 0, 0], [outs - outChannels, inputs - inChannels, 0, 0]);
  const apart =
    kind === 'dense'
      ? to.transpose(to.reshape(filled, [outs / block, block, inputs / block, block, taps]), [0, 2, 4, 3, 1])
      : to.transpose(to.reshape(filled, [outs / block, block, inputs, taps]), [0, 2, 3, 1]);
  return to.reshape(apart, [outs, inputs, kernel, kernel]);
}

/** A packed weight in plain order, inside a graph. */
export function unpackKernel(to: OnnxEmitter, packed: string, layout: KernelLayout): string {
  const { kind, block, kernel, outChannels, inChannels } = layout;
  const [outs, inputs] = packedShape(layout);
  const taps = kernel ** 2;
  const apart =
    kind === 'dense'
      ? to.transpose(to.reshape(packed, [outs / block, inputs / block, taps, block, block]), [0, 4, 1, 3, 2])
      : to.transpose(to.reshape(packed, [outs / block, inputs, taps, block]), [0, 3, 1, 2]);
  const whole = to.reshape(apart, [outs, inputs, kernel, kernel]);
  const hasFill = outs !== outChannels || inputs !== inChannels;
  return hasFill ? to.slice(whole, [0, 1], [0, 0], [outChannels, inChannels]) : whole;
}

/** A plain map in blocks; channels that fill up the last one are zero. */
export function blockMap(to: OnnxEmitter, plain: string, channels: number, block: number): string {
  const filled = to.pad(plain, [0, 0, 0, 0], [0, paddedChannels(channels, block) - channels, 0, 0]);
  return to.op('ReorderInput', [filled], {}, NCHWC);
}

/** A blocked map in plain order. */
export function plainMap(to: OnnxEmitter, blocked: string, channels: number): string {
  return to.op('ReorderOutput', [blocked], { channels }, NCHWC);
}

/** Each b×b square of a tensor of squares turned over its diagonal, `count` squares in all. */
export function transposeSquares(to: OnnxEmitter, x: string, count: number, block: number): string {
  const squares = to.reshape(x, [count, block, 1, block]);
  return to.op('ReorderOutput', [squares], { channels: block }, NCHWC);
}
