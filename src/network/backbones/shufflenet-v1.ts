import * as z from 'zod';
import type { Backbone, Stage } from './stages.ts';

/** Channels after the three stages at width 1, by number of groups: table 1 of the paper. */
const CHANNELS = {
  1: [144, 288, 576],
  2: [200, 400, 800],
  3: [240, 480, 960],
  4: [272, 544, 1088],
  8: [384, 768, 1536],
} as const;

const choice = z.literal([1, 2, 3, 4, 8]);

export const shuffleNetV1Options = z.strictObject({
  /** Width multiplier relative to the paper's channels, which are then rounded to what the groups divide. */
  width: z.number().positive().max(4).default(1),
  /** Number of groups of the 1×1 convolutions. */
  groups: choice.default(3),
});

/** ShuffleNet, https://arxiv.org/abs/1707.01083. Comments give the side of the feature map for a 224 px input. */
export function shuffleNetV1({ width, groups }: z.output<typeof shuffleNetV1Options>): Backbone {
  // A product such as 400 · 1.1 is slightly too large in floating point.
  const multiple = (channels: number, of: number) =>
    Math.max(1, Math.ceil((channels * width) / of - 1e-9)) * of;
  // The middle of a unit has a quarter of its channels, and the groups must divide that quarter.
  const [first, second, third] = CHANNELS[groups].map((channels) => multiple(channels, 4 * groups));
  const unit = { block: 'shuffleV1', kernel: 3, groups } as const;
  const stages: readonly Stage[] = [
    { block: 'conv', kernel: 3, stride: 2, out: multiple(24, groups) }, // 112
    { block: 'maxPool', kernel: 3, stride: 2, padding: [1, 1, 1, 1] }, // 56
    // The first unit reads too few channels to group them.
    { ...unit, stride: 2, out: first!, firstGroups: 1 }, // 28
    { ...unit, stride: 1, out: first!, repeat: 3, tap: true },
    { ...unit, stride: 2, out: second!, repeat: 8, tap: true }, // 14
    { ...unit, stride: 2, out: third!, repeat: 4, tap: true }, // 7
  ];
  return { stages, activation: 'relu' };
}
