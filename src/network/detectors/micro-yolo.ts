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
 * Micro-YOLO, in our reconstruction: a backbone of plain, DSConv and MBConv blocks, and YOLOv3-tiny's head built from
 * DSConv. For 80 classes at 416 px, it has 2,452,798 trainable parameters (÷3.61 relative to YOLOv3-tiny) and
 * 976,985,184 multiply-accumulates (÷2.85). The paper publishes ÷3.46 and ÷2.55, but no layer table.
 */
export function microYolo(options: DetectorOptions = {}): Network {
  return tinyDetector(microYoloLayout, options);
}
