import { yolov3TinyStages } from '../backbones/yolov3-tiny.ts';
import type { Network } from '../layers.ts';
import type { DetectorOptions } from './options.ts';
import { type TinyDetectorLayout, tinyDetector } from './tiny-detector.ts';

export const yolov3TinyLayout = {
  name: 'yolov3-tiny',
  stages: yolov3TinyStages,
  activation: { function: 'leakyRelu', slope: 0.1 },
} as const satisfies TinyDetectorLayout;

/**
 * YOLOv3-tiny, https://arxiv.org/abs/1804.02767: 8,852,366 trainable parameters and 2,782,480,896 multiply-accumulates
 * for 80 classes at 416 px.
 */
export function yolov3Tiny(options: DetectorOptions = {}): Network {
  return tinyDetector(yolov3TinyLayout, options);
}
