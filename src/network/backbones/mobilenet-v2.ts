import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { roundChannels } from '../blocks/round-channels.ts';
import type { ShortcutConvolution } from '../blocks/shortcut.ts';
import type { Backbone, Stage } from './stages.ts';

export const mobileNetV2Options = z.strictObject({
  /** Width multiplier relative to the paper's channels, which are then rounded to multiples of 8. */
  width: z.number().positive().max(4).default(1),
  /** Side of the depthwise kernels, in cells. */
  kernel: z.union([z.literal(3), z.literal(5), z.literal(7)]).default(3),
  /** Activation after the reduction: none, as in the paper, or ReLU6, which the paper advises against. */
  projection: z.enum(['linear', 'relu6']).default('linear'),
  /** Narrow-wide-narrow as in the paper, or ResNet's wide-narrow-wide with the same channel counts. */
  bottleneck: z.enum(['inverted', 'classic']).default('inverted'),
  /** What is added to a block's output: its input, or its input after a 3×3 convolution. */
  shortcut: z.enum(['identity', 'dense', 'depthwise']).default('identity'),
  /** Blocks that have a convolution in the shortcut: those that could add their input, or all with stride 1. */
  shortcutOn: z.enum(['equal-shapes', 'stride-1']).default('equal-shapes'),
});

type Options = z.output<typeof mobileNetV2Options>;

/**
 * The variant for CIFAR-10, with 7×7 kernels and a 3×3 convolution in the shortcut. The authors did not publish which
 * blocks have the shortcut, or whether it is depthwise. The defaults are our choice.
 */
export const improvedMobileNetV2Options = mobileNetV2Options.extend({
  kernel: mobileNetV2Options.shape.kernel.unwrap().default(7),
  shortcut: mobileNetV2Options.shape.shortcut.unwrap().default('dense'),
});

/**
 * t, c, n, s of table 2 of the paper: expansion, channels, blocks, stride. Comments give the side of the feature map
 * for a 224 px input.
 */
const ROWS = [
  [1, 16, 1, 1], // 112
  [6, 24, 2, 2], // 56
  [6, 32, 3, 2], // 28
  [6, 64, 4, 2], // 14
  [6, 96, 3, 1],
  [6, 160, 3, 2], // 7
  [6, 320, 1, 1],
] as const;

/** Output channels of the last rows at strides 8, 16 and 32. */
const TAPPED: readonly number[] = [32, 96, 320];

/**
 * MobileNetV2, https://arxiv.org/abs/1801.04381.
 * @throws MicroYoloError `invalid-argument` if an option has no effect because of another one
 */
export function mobileNetV2(options: Options): Backbone {
  const { width, kernel, projection, bottleneck, shortcut, shortcutOn } = options;
  const refuse = (what: string, remedy: string) => {
    throw new MicroYoloError('invalid-argument', `${what}: has no effect; ${remedy}`);
  };
  if (bottleneck === 'classic' && (projection !== 'linear' || shortcut !== 'identity')) {
    const name = projection !== 'linear' ? `projection=${projection}` : `shortcut=${shortcut}`;
    refuse(`${name} with bottleneck=classic`, 'leave out one of the two');
  }
  if (shortcut === 'identity' && shortcutOn !== 'equal-shapes') {
    refuse(`shortcutOn=${shortcutOn} with shortcut=identity`, 'choose shortcut=dense or depthwise');
  }
  const of = (channels: number) => roundChannels(channels * width);
  const convolution: ShortcutConvolution | undefined =
    shortcut === 'identity' ? undefined : { kernel: 3, type: shortcut, where: shortcutOn };
  const stage = ([expand, channels, repeat, stride]: (typeof ROWS)[number]): Stage => {
    const common = { kernel, stride, repeat, ...(TAPPED.includes(channels) ? { tap: true as const } : {}) };
    if (bottleneck === 'classic') {
      const narrow = of(channels);
      return { block: 'bottleneck', ...common, narrow, out: expand * narrow };
    }
    return {
      block: 'mbconv',
      ...common,
      out: of(channels),
      ...(expand > 1 ? { expand } : {}),
      ...(projection === 'relu6' ? { projection } : {}),
      shortcut: convolution ?? 'identity',
    };
  };
  return {
    stages: [{ block: 'conv', kernel: 3, stride: 2, out: of(32) }, ...ROWS.map(stage)],
    activation: 'relu6',
    classifier: { features: roundChannels(1280 * Math.max(1, width)), dropout: 0.2 },
  };
}
