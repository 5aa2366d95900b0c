import type { Stage } from './stages.ts';

const squeeze = { ratio: 4, of: 'input' } as const;

/**
 * Our reconstruction of Micro-YOLO's backbone (https://doi.org/10.5220/0010234401510158 publishes ratios, but no layer
 * table). Comments give the side of the feature map for a 416 px input. How it was chosen:
 * docs/decisions/0001-micro-yolo-layout.md.
 */
export const microYoloStages = [
  { block: 'conv', kernel: 3, stride: 2, out: 24 }, // 208
  { block: 'conv', kernel: 3, stride: 2, out: 48 }, // 104
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
    out: 352,
    expand: 3,
    squeeze,
    repeat: 2,
    shortcut: 'identity',
    tap: true,
  }, // 13
] as const satisfies readonly Stage[];
