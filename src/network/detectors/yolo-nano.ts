import { yoloNanoStages } from '../backbones/yolo-nano.ts';
import type { Network } from '../layers.ts';
import { composeDetector } from './compose.ts';
import type { DetectorOptions } from './options.ts';

/**
 * YOLO Nano, https://arxiv.org/abs/1910.01271, with the layers that public reimplementations read from the paper's
 * figure.
 */
export function yoloNano(options: DetectorOptions = {}): Network {
  return composeDetector(
    {
      name: 'yolo-nano',
      backbone: { stages: yoloNanoStages, activation: 'relu6' },
      head: { head: 'yolo-nano' },
    },
    options,
  );
}
