import * as z from 'zod';
import { roundChannels } from '../blocks/round-channels.ts';
import type { Squeeze } from '../blocks/squeeze-excite.ts';
import type { Backbone, Stage } from './stages.ts';

export const ghostNetOptions = z.strictObject({
  /** Width multiplier relative to the paper's channels, which are then rounded to multiples of 4. */
  width: z.number().positive().max(4).default(1),
});

/** One block: kernel, expanded channels, output channels, squeeze and excitation, stride, tap. */
type Row = readonly [
  kernel: 3 | 5,
  expanded: number,
  out: number,
  squeezed: boolean,
  stride: 1 | 2,
  tap?: true,
];

/**
 * Table 1 of the paper. Comments give the side of the feature map for a 224 px input, which is 112 before the first
 * row.
 */
const ROWS: readonly Row[] = [
  [3, 16, 16, false, 1],
  [3, 48, 24, false, 2], // 56
  [3, 72, 24, false, 1],
  [5, 72, 40, true, 2], // 28
  [5, 120, 40, true, 1, true],
  [3, 240, 80, false, 2], // 14
  [3, 200, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 184, 80, false, 1],
  [3, 480, 112, true, 1],
  [3, 672, 112, true, 1, true],
  [5, 672, 160, true, 2], // 7
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1],
  [5, 960, 160, false, 1],
  [5, 960, 160, true, 1, true],
];

const squeeze: Squeeze = { ratio: 4, of: 'expanded', multiple: 4 };

/** GhostNet, https://arxiv.org/abs/1911.11907. */
export function ghostNet({ width }: z.output<typeof ghostNetOptions>): Backbone {
  const of = (channels: number) => roundChannels(channels * width, 4);
  const stages = ROWS.map(
    ([kernel, expanded, out, squeezed, stride, tap]): Stage => ({
      block: 'ghostBottleneck',
      kernel,
      stride,
      expanded: of(expanded),
      out: of(out),
      ...(squeezed ? { squeeze } : {}),
      ...(tap ? { tap } : {}),
    }),
  );
  return {
    stages: [{ block: 'conv', kernel: 3, stride: 2, out: of(16) }, ...stages],
    activation: 'relu',
    classifier: { features: of(960), hidden: 1280, dropout: 0.2 },
  };
}
