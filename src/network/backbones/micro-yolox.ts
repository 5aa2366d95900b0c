import type { Stage } from './stages.ts';

/** MBConv with shortcuts, in a row that gives as many channels as it reads. */
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
 * DSConv and MBConv in the places of YOLOX-Nano's backbone, twice as wide inside as its bottlenecks. They can compute
 * all that it computes, so that training can start with its weights. All widths are multiples of 16. Sides for a 416 px
 * image. How it was chosen: docs/decisions/0006-anchor-free-default.md.
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
