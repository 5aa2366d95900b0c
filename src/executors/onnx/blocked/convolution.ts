import type { Padding } from '../../../foundation/padding.ts';
import type { OnnxEmitter } from '../emitter.ts';
import type { BlockedMap } from './channels.ts';
import { type KernelLayout, NCHWC, packedShape, transposeSquares } from './layout.ts';

interface Convolution {
  readonly stride: number;
  readonly padding: Padding;
}

const groupsOf = (layout: KernelLayout) => (layout.kind === 'depthwise' ? packedShape(layout)[0] : 1);

/**
 * @param x a blocked map; for a `thin` weight a plain one
 * @param bias filled up to whole blocks
 */
export function conv(
  to: OnnxEmitter,
  { stride, padding }: Convolution,
  x: string,
  weight: string,
  layout: KernelLayout,
  bias?: string,
): string {
  const { kernel } = layout;
  return to.op(
    'Conv',
    bias === undefined ? [x, weight] : [x, weight, bias],
    {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: padding,
      group: groupsOf(layout),
    },
    NCHWC,
  );
}

/** Places of a kernel's taps along one axis that reach pixels of a phase, turned around. */
interface Phase {
  readonly taps: readonly number[];
  /** Zeros that the convolution of dy adds before and after. */
  readonly before: number;
  readonly after: number;
}

/**
 * Input pixels s·i + phase get from the outputs what the taps with (phase + padding − tap) divisible by s
 * read there; each phase is a convolution of dy with those taps.
 */
function phases(
  kernel: number,
  stride: number,
  padding: number,
  size: number,
  outSize: number,
): readonly Phase[] {
  return Array.from({ length: stride }, (_, phase) => {
    const first = (phase + padding) % stride;
    const taps: number[] = [];
    for (let tap = first; tap < kernel; tap += stride) taps.unshift(tap);
    const shift = (phase + padding - first) / stride;
    const before = taps.length - 1 - shift;
    const rows = size / stride;
    return { taps, before, after: rows - outSize - before + taps.length - 1 };
  });
}

/** The weight of the input's gradient with some of its taps: blocks, and channels in them, swapped. */
function turnedWeight(
  to: OnnxEmitter,
  weight: string,
  layout: KernelLayout,
  rows: readonly number[],
  columns: readonly number[],
): string {
  const { kind, block, kernel } = layout;
  const [outs, inputs] = packedShape(layout);
  const taps = rows.flatMap((row) => columns.map((column) => row * kernel + column));
  const size = [rows.length, columns.length] as const;
  if (kind === 'depthwise') {
    const cells = to.reshape(weight, [outs / block, kernel ** 2, block]);
    return to.reshape(to.gather(cells, taps, 1), [outs, 1, ...size]);
  }
  const [outBlocks, inBlocks] = [outs / block, inputs / block];
  const squares = to.reshape(weight, [outBlocks * inBlocks * kernel ** 2, block * block]);
  const places: number[] = [];
  for (let input = 0; input < inBlocks; input++) {
    for (let out = 0; out < outBlocks; out++) {
      for (const tap of taps) places.push((out * inBlocks + input) * kernel ** 2 + tap);
    }
  }
  const picked = to.gather(squares, places, 0);
  return to.reshape(transposeSquares(to, picked, places.length, block), [inputs, outs, ...size]);
}

/**
 * dx as a blocked map: for each phase of the stride a convolution of dy, put together pixel by pixel.
 * @param shape of dx, channels filled up
 * @returns nothing where the sizes do not come out even
 */
export function convGradInput(
  to: OnnxEmitter,
  { stride, padding: [top, left] }: Convolution,
  dy: BlockedMap,
  weight: string,
  layout: KernelLayout,
  [batch, channels, height, width]: readonly [number, number, number, number],
): string | undefined {
  const { kernel, kind, block } = layout;
  if (kind === 'thin' || height % stride !== 0 || width % stride !== 0 || kernel < stride) return undefined;
  const [, , outHeight, outWidth] = dy.shape;
  const vertical = phases(kernel, stride, top, height, outHeight);
  const horizontal = phases(kernel, stride, left, width, outWidth);
  const isEven = [...vertical, ...horizontal].every(({ before, after }) => before >= 0 && after >= 0);
  if (!isEven) return undefined;
  const [rows, columns] = [height / stride, width / stride];
  const maps = (batch * channels) / block;
  const parts = vertical.map((row) =>
    horizontal.map((column) => {
      const turned = turnedWeight(to, weight, layout, row.taps, column.taps);
      return to.op(
        'Conv',
        [dy.name, turned],
        {
          kernel_shape: [row.taps.length, column.taps.length],
          pads: [row.before, column.before, row.after, column.after],
          group: groupsOf(layout),
        },
        NCHWC,
      );
    }),
  );
  if (stride === 1) return parts[0]![0]!;
  const lines = parts.map((line) => {
    const cells = line.map((part) => to.reshape(part, [maps, rows, columns, block]));
    return to.reshape(to.op('Concat', cells, { axis: 3 }), [maps, rows, width * block]);
  });
  return to.reshape(to.op('Concat', lines, { axis: 2 }), [batch, channels, height, width]);
}
