import type { Stage } from './stages.ts';

const squeeze = { ratio: 4, of: 'input' } as const;

/**
 * Micro-YOLO's kinds of blocks with more of their depth at stride 8, which a head at three scales reads; all widths are
 * multiples of 16. Sides for a 416 px image. How it was chosen: docs/decisions/0006-anchor-free-default.md.
 */
export const microYoloxStages = [
  { block: 'conv', kernel: 3, stride: 2, out: 16 }, // 208
  { block: 'conv', kernel: 3, stride: 2, out: 48 }, // 104
  {
    block: 'dsconv',
    kernel: 5,
    stride: 2,
    out: 96,
    repeat: 4,
    linearDepthwise: true,
    shortcut: 'identity',
    tap: true,
  }, // 52
  {
    block: 'dsconv',
    kernel: 5,
    stride: 2,
    out: 192,
    repeat: 5,
    linearDepthwise: true,
    shortcut: 'identity',
    tap: true,
  }, // 26
  {
    block: 'mbconv',
    kernel: 5,
    stride: 2,
    out: 256,
    expand: 3,
    squeeze,
    repeat: 2,
    shortcut: 'identity',
    tap: true,
  }, // 13
] as const satisfies readonly Stage[];
