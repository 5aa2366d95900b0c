import type { Stage } from './stages.ts';

const conv = { block: 'conv', kernel: 3, stride: 1, norm: false } as const;
const halve = { block: 'maxPool', kernel: 2, stride: 2 } as const;

/**
 * YOLO-LITE's trunk, https://arxiv.org/abs/1811.05588: the trial without batch norm; sides for a 224 px image.
 * The list of filters is read from public descriptions; with the head for VOC they are the paper's 749.
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
