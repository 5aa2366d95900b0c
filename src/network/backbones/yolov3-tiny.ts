import type { Stage } from './stages.ts';

/**
 * YOLOv3-tiny's backbone, https://arxiv.org/abs/1804.02767. Comments give the side of the feature map for a 416 px
 * input.
 */
export const yolov3TinyStages = [
  { block: 'conv', kernel: 3, stride: 1, out: 16 }, // 416
  { block: 'maxPool', kernel: 2, stride: 2 },
  { block: 'conv', kernel: 3, stride: 1, out: 32 }, // 208
  { block: 'maxPool', kernel: 2, stride: 2 },
  { block: 'conv', kernel: 3, stride: 1, out: 64 }, // 104
  { block: 'maxPool', kernel: 2, stride: 2 },
  { block: 'conv', kernel: 3, stride: 1, out: 128, tap: true }, // 52
  { block: 'maxPool', kernel: 2, stride: 2 },
  { block: 'conv', kernel: 3, stride: 1, out: 256, tap: true }, // 26
  { block: 'maxPool', kernel: 2, stride: 2 },
  { block: 'conv', kernel: 3, stride: 1, out: 512 }, // 13
  { block: 'maxPool', kernel: 2, stride: 1, padding: [0, 0, 1, 1] },
  { block: 'conv', kernel: 3, stride: 1, out: 1024, tap: true }, // 13
] as const satisfies readonly Stage[];
