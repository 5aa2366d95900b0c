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
 * Builds a detector from a backbone and a detection head.
 * @throws MicroYoloError if the head needs a map that the backbone lacks, or if the options do not make a valid network
 */
export function composeDetector({ name, backbone, head }: DetectorLayout, options: DetectorOptions): Network {
  const { size = 416, ...outputs } = options;
  const builder = builderFor(backbone, size);
  const built = buildBackbone(builder, backbone);
  appendHead(builder, built, head, { ...outputs, activation: backbone.activation });
  return builder.build(name);
}
