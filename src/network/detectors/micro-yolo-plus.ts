import { microYoloPlusStages } from '../backbones/micro-yolo-plus.ts';
import type { Network } from '../layers.ts';
import type { DetectorOptions } from './options.ts';
import { type TinyDetectorLayout, tinyDetector } from './tiny-detector.ts';

export const microYoloPlusLayout = {
  name: 'micro-yolo-plus',
  stages: microYoloPlusStages,
  activation: 'relu',
  head: { spatial: { block: 'dsconv', kernel: 5 } },
} as const satisfies TinyDetectorLayout;

/**
 * Micro-YOLO+, in our reconstruction, for 80 classes at 416 px: 2,786,218 trainable parameters (÷3.18 relative to
 * YOLOv3-tiny) and 1,133,819,952 multiply-accumulates (÷2.45). The paper publishes ÷3.18 and ÷2.44, but no layer table.
 * It uses Cluster-NMS.
 */
export function microYoloPlus(options: DetectorOptions = {}): Network {
  return tinyDetector(microYoloPlusLayout, options);
}
