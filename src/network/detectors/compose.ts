import { type Backbone, buildBackbone, builderFor } from '../backbones/stages.ts';
import { appendHead, type DetectionHead } from '../heads/head.ts';
import type { Network } from '../layers.ts';
import type { DetectorOptions } from './options.ts';

export interface DetectorLayout {
  readonly name: string;
  readonly backbone: Backbone;
  readonly head: DetectionHead;
}

/**
 * A backbone under a detection head.
 * @throws MicroYoloError if the head reads what the backbone has not, or for options that make no network
 */
export function composeDetector({ name, backbone, head }: DetectorLayout, options: DetectorOptions): Network {
  const { size = 416, ...outputs } = options;
  const builder = builderFor(backbone, size);
  const built = buildBackbone(builder, backbone);
  appendHead(builder, built, head, { ...outputs, activation: backbone.activation });
  return builder.build(name);
}
