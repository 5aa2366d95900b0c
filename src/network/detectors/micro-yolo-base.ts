import { microYoloBaseStages } from '../backbones/micro-yolo-base.ts';
import type { Network } from '../layers.ts';
import type { DetectorOptions } from './options.ts';
import { type TinyDetectorLayout, tinyDetector } from './tiny-detector.ts';

export const microYoloBaseLayout = {
  name: 'micro-yolo-base',
  stages: microYoloBaseStages,
  activation: 'relu',
  head: { spatial: { block: 'dsconv', kernel: 5, linearDepthwise: true } },
} as const satisfies TinyDetectorLayout;

/**
 * The network that is pruned to Micro-YOLO, in our reconstruction: 3,579,670 trainable parameters and 1,315,172,800
 * multiply-accumulates for 80 classes at 416 px. `micro-yolo prune` makes it thinner.
 */
export function microYoloBase(options: DetectorOptions = {}): Network {
  return tinyDetector(microYoloBaseLayout, options);
}
