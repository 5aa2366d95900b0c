import { microYoloStages } from '../backbones/micro-yolo.ts';
import type { Network } from '../layers.ts';
import type { DetectorOptions } from './options.ts';
import { tinyDetector } from './tiny-detector.ts';

/**
 * Micro-YOLO, our reconstruction: YOLOv3-tiny's head in depthwise-separable convolutions over a backbone of
 * DSConv and MBConv. The paper publishes ÷3.46 parameters and ÷2.55 multiply-accumulates of YOLOv3-tiny;
 * its layer table is not public.
 */
export function microYolo(options: DetectorOptions = {}): Network {
  return tinyDetector(
    {
      name: 'micro-yolo',
      stages: microYoloStages,
      activation: 'relu',
      head: { spatial: { block: 'dsconv', kernel: 5 } },
    },
    options,
  );
}
