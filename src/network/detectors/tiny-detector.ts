import type { Stage } from '../backbones/stages.ts';
import type { Activation } from '../builder.ts';
import type { YoloTinyHeadLayout } from '../heads/yolo-tiny.ts';
import type { Network } from '../layers.ts';
import { composeDetector } from './compose.ts';
import type { DetectorOptions } from './options.ts';

export interface TinyDetectorLayout {
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly activation: Activation;
  readonly head?: YoloTinyHeadLayout;
}

/** A table of stages with YOLOv3-tiny's head. */
export function tinyDetector(layout: TinyDetectorLayout, options: DetectorOptions = {}): Network {
  const { name, stages, activation, head } = layout;
  return composeDetector(
    { name, backbone: { stages, activation }, head: { head: 'yolo-tiny', ...head } },
    options,
  );
}
