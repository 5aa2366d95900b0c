import { microYoloxStages } from '../backbones/micro-yolox.ts';
import type { Network } from '../layers.ts';
import { composeDetector } from './compose.ts';
import type { DetectorOptions } from './options.ts';

/** Micro-YOLO's kinds of blocks under YOLOX-Nano's anchor-free head: what small objects need is at stride 8. */
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
