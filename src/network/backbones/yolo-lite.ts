import type { Stage } from './stages.ts';

const conv = { block: 'conv', kernel: 3, stride: 1, norm: false } as const;
const halve = { block: 'maxPool', kernel: 2, stride: 2 } as const;

/**
 * YOLO-LITE's backbone, https://arxiv.org/abs/1811.05588: the variant without batch norm. The list of filters comes
 * from public descriptions. With the VOC head, the filters add up to the paper's 749. Comments give the side of the
 * feature map for a 224 px input.
 */
export const yoloLiteStages = [
  { ...conv, out: 16 }, // 224
  halve,
  { ...conv, out: 32 }, // 112
  halve,
  { ...conv, out: 64 }, // 56
  halve,
  { ...conv, out: 128, tap: true }, // 28
  halve,
  { ...conv, out: 128, tap: true }, // 14
  halve,
  { ...conv, out: 256, tap: true }, // 7
] as const satisfies readonly Stage[];
