import { microYoloxStages } from '../backbones/micro-yolox.ts';
import type { Network } from '../layers.ts';
import { composeDetector } from './compose.ts';
import type { DetectorOptions } from './options.ts';

/**
 * Micro-YOLO's kinds of blocks with YOLOX-Nano's anchor-free head. Its finest scale, stride 8, helps with small
 * objects.
 */
export function microYolox(options: DetectorOptions = {}): Network {
  return composeDetector(
    {
      name: 'micro-yolox',
      backbone: { stages: microYoloxStages, activation: 'silu' },
      head: { head: 'yolox' },
    },
    options,
  );
}
