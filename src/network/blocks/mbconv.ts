import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock, depthwiseBlock } from './conv-block.ts';
import { addShortcut, type Shortcut } from './shortcut.ts';
import { type Squeeze, squeezedChannels, squeezeExcite } from './squeeze-excite.ts';

/** Channels of the wide middle: a multiple of the input channels (α or t in the papers), or a number of channels. */
export type Expansion = number | { readonly channels: number };

export interface MBConvOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** If omitted, there is no expansion, and the depthwise convolution reads the input. */
  readonly expansion?: Expansion | undefined;
  /** If omitted, there is no squeeze and excitation. */
  readonly squeeze?: Squeeze | undefined;
  /** @default none */
  readonly shortcut?: Shortcut | undefined;
  readonly activation: Activation;
  /** Activation after the reduction. @default none: a linear bottleneck */
  readonly projection?: Activation | undefined;
}

/** Returns the number of channels after the expansion. */
export function expandedChannels(expansion: Expansion, inChannels: number): number {
  return typeof expansion === 'number' ? Math.round(inChannels * expansion) : expansion.channels;
}

/**
 * Mobile inverted bottleneck: 1×1 expansion, depthwise k×k, squeeze and excitation, linear 1×1 reduction. With an
 * identity shortcut, it is the block of MobileNetV2 (https://arxiv.org/abs/1801.04381), MnasNet, MobileNetV3 and
 * EfficientNet. Without a shortcut, it is the block of the Micro-YOLO paper (https://doi.org/10.5220/0010234401510158),
 * which changes the number of channels.
 */
export function mbconv(builder: NetworkBuilder, name: string, input: string, options: MBConvOptions): string {
  const { outChannels, kernel, stride = 1, expansion, squeeze, shortcut, activation, projection } = options;
  const inChannels = builder.channels(input);
  const expanded = expansion === undefined ? inChannels : expandedChannels(expansion, inChannels);
  const wide =
    expansion === undefined
      ? input
      : convBlock(builder, `${name}.expand`, input, { outChannels: expanded, kernel: 1, activation });
  const spatial = depthwiseBlock(builder, `${name}.depthwise`, wide, { kernel, stride, activation });
  const gated = squeeze
    ? squeezeExcite(
        builder,
        `${name}.squeeze`,
        spatial,
        squeezedChannels(squeeze, inChannels, expanded),
        squeeze,
      )
    : spatial;
  const reduced = convBlock(builder, `${name}.reduce`, gated, {
    outChannels,
    kernel: 1,
    activation: projection,
  });
  return addShortcut(builder, name, input, reduced, shortcut);
}
