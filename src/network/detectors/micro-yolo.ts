import { microYoloStages } from '../backbones/micro-yolo.ts';
import type { Network } from '../layers.ts';
import type { DetectorOptions } from './options.ts';
import { type TinyDetectorLayout, tinyDetector } from './tiny-detector.ts';

export const microYoloLayout = {
  name: 'micro-yolo',
  stages: microYoloStages,
  activation: 'relu',
  head: { spatial: { block: 'dsconv', kernel: 5, linearDepthwise: true } },
} as const satisfies TinyDetectorLayout;

/**
 * Micro-YOLO, our reconstruction: a backbone of plain, DSConv and MBConv blocks under YOLOv3-tiny's head in
 * DSConv. 2,452,798 trainable parameters (÷3.61 of YOLOv3-tiny's) and 976,985,184 multiply-accumulates
 * (÷2.85) for 80 classes at 416; the paper publishes ÷3.46 and ÷2.55, and no layer table.
 */
export function microYolo(options: DetectorOptions = {}): Network {
  return tinyDetector(microYoloLayout, options);
}
