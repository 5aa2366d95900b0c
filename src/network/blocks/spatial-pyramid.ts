import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';

/** Sides of the windows, in cells. */
const WINDOWS = [5, 9, 13] as const;
/** Stacked pools with windows of 5 cells cover 9 and 13 cells. The results are equal, with fewer comparisons. */
const KERNEL = 5;
const SIDE = (KERNEL - 1) / 2;

/** Convolutions of the block, in execution order. */
export const SPATIAL_PYRAMID_CONVOLUTIONS = ['reduce', 'out'] as const;

export interface SpatialPyramidOptions {
  readonly outChannels: number;
  readonly activation: Activation;
}

/**
 * Spatial pyramid pooling (https://arxiv.org/abs/1406.4729) that keeps the map's size, as in YOLOv3-SPP. A 1×1
 * convolution halves the channels. Its output is concatenated with its max pools over three windows. A second 1×1
 * convolution reads the result.
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
  const pools = [reduced];
  for (const window of WINDOWS) {
    const options = { kernel: KERNEL, stride: 1, padding: [SIDE, SIDE, SIDE, SIDE] } as const;
    pools.push(builder.maxPool(`${name}.${window}`, pools.at(-1)!, options));
  }
  const joined = builder.concat(`${name}.join`, pools);
  return convBlock(builder, out, joined, { outChannels, kernel: 1, activation });
}
