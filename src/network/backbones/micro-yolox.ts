import type { Stage } from './stages.ts';

/** A row of MBConv blocks with shortcuts, with as many output channels as input channels. */
const residuals = (channels: number, expanded: number, repeat = 1) =>
  ({
    block: 'mbconv',
    kernel: 3,
    stride: 1,
    out: channels,
    expand: { channels: expanded },
    projection: 'silu',
    repeat,
    shortcut: 'identity',
  }) as const;

/**
 * YOLOX-Nano's backbone with DSConv and MBConv instead of its bottlenecks, and twice as wide inside. These blocks can
 * compute everything that the bottlenecks compute, so training can start from YOLOX-Nano's weights. All widths are
 * multiples of 16. Comments give the side of the feature map for a 416 px input. How it was chosen:
 * docs/decisions/0006-anchor-free-default.md.
 */
export const microYoloxStages = [
  { block: 'conv', kernel: 6, stride: 2, padding: [2, 2, 2, 2], out: 16 }, // 208
  { block: 'dsconv', kernel: 3, stride: 2, out: 32 }, // 104
  { block: 'conv', kernel: 1, stride: 1, out: 32 },
  residuals(32, 32),
  { block: 'conv', kernel: 1, stride: 1, out: 32 },
  { block: 'dsconv', kernel: 3, stride: 2, out: 64 }, // 52
  { block: 'conv', kernel: 1, stride: 1, out: 64 },
  residuals(64, 64, 3),
  { block: 'conv', kernel: 1, stride: 1, out: 64, tap: true },
  { block: 'dsconv', kernel: 3, stride: 2, out: 128 }, // 26
  { block: 'conv', kernel: 1, stride: 1, out: 128 },
  residuals(128, 128, 3),
  { block: 'conv', kernel: 1, stride: 1, out: 128, tap: true },
  { block: 'dsconv', kernel: 3, stride: 2, out: 256 }, // 13
  { block: 'spatialPyramid', out: 256 },
  { block: 'conv', kernel: 1, stride: 1, out: 384 },
  residuals(384, 256),
  { block: 'conv', kernel: 1, stride: 1, out: 256, tap: true },
] as const satisfies readonly Stage[];
