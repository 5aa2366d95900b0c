import type { Stage } from './stages.ts';

const squeeze = { ratio: 4, of: 'input' } as const;

/**
 * Our reconstruction of Micro-YOLO's backbone before pruning (the paper publishes no layer table). It has the same
 * kinds of blocks as micro-yolo, but is wider. All widths are multiples of 16. Comments give the side of the feature
 * map for a 416 px input.
 */
export const microYoloBaseStages = [
  { block: 'conv', kernel: 3, stride: 2, out: 32 }, // 208
  { block: 'conv', kernel: 3, stride: 2, out: 64 }, // 104
  { block: 'conv', kernel: 3, stride: 2, out: 144, tap: true }, // 52
  {
    block: 'dsconv',
    kernel: 5,
    stride: 2,
    out: 256,
    repeat: 4,
    linearDepthwise: true,
    shortcut: 'identity',
    tap: true,
  }, // 26
  {
    block: 'mbconv',
    kernel: 5,
    stride: 2,
    out: 416,
    expand: 4,
    squeeze,
    repeat: 2,
    shortcut: 'identity',
    tap: true,
  }, // 13
] as const satisfies readonly Stage[];
