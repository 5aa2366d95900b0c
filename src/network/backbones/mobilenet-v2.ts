import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { roundChannels } from '../blocks/round-channels.ts';
import type { ShortcutConvolution } from '../blocks/shortcut.ts';
import type { Backbone, Stage } from './stages.ts';

export const mobileNetV2Options = z.strictObject({
  /** Channels over those of the paper, rounded to multiples of 8. */
  width: z.number().positive().max(4).default(1),
  /** Side of the depthwise kernels. */
  kernel: z.union([z.literal(3), z.literal(5), z.literal(7)]).default(3),
  /** What follows the reduction: nothing, as the paper has it, or ReLU6, which it advises against. */
  projection: z.enum(['linear', 'relu6']).default('linear'),
  /** Narrow-wide-narrow as the paper has it, or ResNet's wide-narrow-wide with the same numbers of channels. */
  bottleneck: z.enum(['inverted', 'classic']).default('inverted'),
  /** What is added to a block's output: its input, or that through a 3×3 convolution. */
  shortcut: z.enum(['identity', 'dense', 'depthwise']).default('identity'),
  /** Blocks that have such a convolution: those that could add their input, or all of stride 1. */
  shortcutOn: z.enum(['equal-shapes', 'stride-1']).default('equal-shapes'),
});

type Options = z.output<typeof mobileNetV2Options>;

/**
 * The variant for CIFAR-10 with 7×7 kernels and a 3×3 shortcut. Which blocks have the shortcut, and whether it
 * is depthwise, was not published: the defaults are our choice.
 */
export const improvedMobileNetV2Options = mobileNetV2Options.extend({
  kernel: mobileNetV2Options.shape.kernel.unwrap().default(7),
  shortcut: mobileNetV2Options.shape.shortcut.unwrap().default('dense'),
});

/** t, c, n, s of the paper's table 2: expansion, channels, blocks, stride; sides for a 224 px image. */
const ROWS = [
  [1, 16, 1, 1], // 112
  [6, 24, 2, 2], // 56
  [6, 32, 3, 2], // 28
  [6, 64, 4, 2], // 14
  [6, 96, 3, 1],
  [6, 160, 3, 2], // 7
  [6, 320, 1, 1],
] as const;

/** The last rows at strides 8, 16 and 32. */
const TAPPED: readonly number[] = [32, 96, 320];

/**
 * MobileNetV2, https://arxiv.org/abs/1801.04381.
 * @throws MicroYoloError `invalid-argument` for options of which one has no effect beside another
 */
export function mobileNetV2(options: Options): Backbone {
  const { width, kernel, projection, bottleneck, shortcut, shortcutOn } = options;
  const refuse = (what: string, remedy: string) => {
    throw new MicroYoloError('invalid-argument', `${what}: has no effect; ${remedy}`);
  };
  if (bottleneck === 'classic' && (projection !== 'linear' || shortcut !== 'identity')) {
    const name = projection !== 'linear' ? `projection=${projection}` : `shortcut=${shortcut}`;
    refuse(`${name} with bottleneck=classic`, 'a classic bottleneck is as in ResNet: leave out one of them');
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
