import * as z from 'zod';
import { roundChannels } from '../blocks/round-channels.ts';
import type { Squeeze } from '../blocks/squeeze-excite.ts';
import type { Backbone, Stage } from './stages.ts';

export const mnasNetOptions = z.strictObject({
  /** Width multiplier relative to the paper's channels, which are then rounded to multiples of 8. */
  width: z.number().positive().max(4).default(1),
});

type Options = z.output<typeof mnasNetOptions>;

const squeeze: Squeeze = { ratio: 4, of: 'input', gate: 'sigmoid' };
const shared = { block: 'mbconv', shortcut: 'identity' } as const;

const common = {
  activation: 'relu',
  classifier: { features: 1280, dropout: 0.2 },
} as const satisfies Partial<Backbone>;

/**
 * MnasNet-A1, https://arxiv.org/abs/1807.11626, with squeeze and excitation. Comments give the side of the feature map
 * for a 224 px input.
 */
export function mnasNetA1({ width }: Options): Backbone {
  const of = (channels: number) => roundChannels(channels * width);
  const stages: readonly Stage[] = [
    { block: 'conv', kernel: 3, stride: 2, out: of(32) }, // 112
    { block: 'mbconv', kernel: 3, stride: 1, out: of(16) },
    { ...shared, kernel: 3, stride: 2, expand: 6, out: of(24), repeat: 2 }, // 56
    { ...shared, kernel: 5, stride: 2, expand: 3, out: of(40), repeat: 3, squeeze, tap: true }, // 28
    { ...shared, kernel: 3, stride: 2, expand: 6, out: of(80), repeat: 4 }, // 14
    { ...shared, kernel: 3, stride: 1, expand: 6, out: of(112), repeat: 2, squeeze, tap: true },
    { ...shared, kernel: 5, stride: 2, expand: 6, out: of(160), repeat: 3, squeeze }, // 7
    { ...shared, kernel: 3, stride: 1, expand: 6, out: of(320), tap: true },
  ];
  return { ...common, stages };
}

/**
 * MnasNet-B1, https://arxiv.org/abs/1807.11626, without squeeze and excitation. Comments give the side of the feature
 * map for a 224 px input.
 */
export function mnasNetB1({ width }: Options): Backbone {
  const of = (channels: number) => roundChannels(channels * width);
  const stages: readonly Stage[] = [
    { block: 'conv', kernel: 3, stride: 2, out: of(32) }, // 112
    { block: 'mbconv', kernel: 3, stride: 1, out: of(16) },
    { ...shared, kernel: 3, stride: 2, expand: 3, out: of(24), repeat: 3 }, // 56
    { ...shared, kernel: 5, stride: 2, expand: 3, out: of(40), repeat: 3, tap: true }, // 28
    { ...shared, kernel: 5, stride: 2, expand: 6, out: of(80), repeat: 3 }, // 14
    { ...shared, kernel: 3, stride: 1, expand: 6, out: of(96), repeat: 2, tap: true },
    { ...shared, kernel: 5, stride: 2, expand: 6, out: of(192), repeat: 4 }, // 7
    { ...shared, kernel: 3, stride: 1, expand: 6, out: of(320), tap: true },
  ];
  return { ...common, stages };
}
