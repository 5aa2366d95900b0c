import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';

/** Sides of the windows. */
const KERNELS = [5, 9, 13] as const;

/** Convolutions of such a block, in their order. */
export const SPATIAL_PYRAMID_CONVOLUTIONS = ['reduce', 'out'] as const;

export interface SpatialPyramidOptions {
  readonly outChannels: number;
  readonly activation: Activation;
}

/**
 * Spatial pyramid pooling (https://arxiv.org/abs/1406.4729) that keeps the map's size, as YOLOv3-SPP has it: a 1×1
 * convolution to half of the channels, their maxima in three windows beside them, and a 1×1 convolution of all.
 */
export function spatialPyramid(
  builder: NetworkBuilder,
  name: string,
  input: string,
  { outChannels, activation }: SpatialPyramidOptions,
): string {
  const [reduce, out] = SPATIAL_PYRAMID_CONVOLUTIONS.map((part) => `${name}.${part}`) as [string, string];
  const half = Math.floor(builder.channels(input) / 2);
  const reduced = convBlock(builder, reduce, input, { outChannels: half, kernel: 1, activation });
  const pools = KERNELS.map((kernel) => {
    const side = (kernel - 1) / 2;
    const padding = [side, side, side, side] as const;
    return builder.maxPool(`${name}.${kernel}`, reduced, { kernel, stride: 1, padding });
  });
  const joined = builder.concat(`${name}.join`, [reduced, ...pools]);
  return convBlock(builder, out, joined, { outChannels, kernel: 1, activation });
}
