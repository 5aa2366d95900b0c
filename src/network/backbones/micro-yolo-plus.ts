import type { Stage } from './stages.ts';

const squeeze = { ratio: 4, of: 'input' } as const;

/**
 * Our reconstruction of Micro-YOLO+'s backbone (https://doi.org/10.1007/s42979-022-01299-3 publishes ratios, but no
 * layer table). It is Micro-YOLO's backbone with Ghost modules instead of plain convolutions. Comments give the side of
 * the feature map for a 416 px input.
 */
export const microYoloPlusStages = [
  { block: 'conv', kernel: 3, stride: 2, out: 24 }, // 208
  { block: 'ghost', kernel: 3, stride: 2, out: 96 }, // 104
  { block: 'ghost', kernel: 3, stride: 2, out: 256, tap: true }, // 52
  { block: 'dsconv', kernel: 5, stride: 2, out: 256, repeat: 3, tap: true }, // 26
  { block: 'mbconv', kernel: 5, stride: 2, out: 400, expand: 3, squeeze, repeat: 2, tap: true }, // 13
] as const satisfies readonly Stage[];
