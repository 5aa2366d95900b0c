import { yoloLiteStages } from '../backbones/yolo-lite.ts';
import type { Network } from '../layers.ts';
import { composeDetector } from './compose.ts';
import type { DetectorOptions } from './options.ts';

/**
 * YOLO-LITE, https://arxiv.org/abs/1811.05588, without batch norm: 240,004,352 multiply-accumulates for VOC's 20
 * classes at its default size, 224 px.
 */
export function yoloLite(options: DetectorOptions = {}): Network {
  return composeDetector(
    {
      name: 'yolo-lite',
      backbone: { stages: yoloLiteStages, activation: { function: 'leakyRelu', slope: 0.1 } },
      head: { head: 'region' },
    },
    { ...options, size: options.size ?? 224 },
  );
}
