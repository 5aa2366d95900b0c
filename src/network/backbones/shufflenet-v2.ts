import * as z from 'zod';
import type { Backbone, Stage } from './stages.ts';

/** Channels after the three stages and of the last convolution, by width: table 5 of the paper. */
const CHANNELS = {
  0.5: [48, 96, 192, 1024],
  1: [116, 232, 464, 1024],
  1.5: [176, 352, 704, 1024],
  2: [244, 488, 976, 2048],
} as const;

export const shuffleNetV2Options = z.strictObject({
  /** Width multiplier: one of the four in the paper. */
  width: z.literal([0.5, 1, 1.5, 2]).default(1),
});

/** ShuffleNetV2, https://arxiv.org/abs/1807.11164. Comments give the side of the feature map for a 224 px input. */
export function shuffleNetV2({ width }: z.output<typeof shuffleNetV2Options>): Backbone {
  const [first, second, third, features] = CHANNELS[width];
  const unit = { block: 'shuffleV2', kernel: 3, stride: 2, tap: true } as const;
  const stages: readonly Stage[] = [
    { block: 'conv', kernel: 3, stride: 2, out: 24 }, // 112
    { block: 'maxPool', kernel: 3, stride: 2, padding: [1, 1, 1, 1] }, // 56
    { ...unit, out: first, repeat: 4 }, // 28
    { ...unit, out: second, repeat: 8 }, // 14
    { ...unit, out: third, repeat: 4 }, // 7
  ];
  return { stages, activation: 'relu', classifier: { features } };
}
