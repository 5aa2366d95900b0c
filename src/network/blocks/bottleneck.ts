import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';

export interface BottleneckOptions {
  readonly outChannels: number;
  /** Channels of the k×k convolution. */
  readonly narrow: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  readonly activation: Activation;
}

/**
 * ResNet's bottleneck, https://arxiv.org/abs/1512.03385: 1×1 to fewer channels, k×k, 1×1 to more channels, sum with the
 * input, activation. If shapes differ, the input passes a 1×1 convolution. This wide-narrow-wide block is the opposite
 * of `mbconv`.
 */
export function bottleneck(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: BottleneckOptions,
): string {
  const { outChannels, narrow, kernel, stride = 1, activation } = options;
  const reduced = convBlock(builder, `${name}.reduce`, input, { outChannels: narrow, kernel: 1, activation });
  const middle = { outChannels: narrow, kernel, stride, activation };
  const spatial = convBlock(builder, `${name}.spatial`, reduced, middle);
  const expanded = convBlock(builder, `${name}.expand`, spatial, { outChannels, kernel: 1 });
  const isSame = stride === 1 && builder.channels(input) === outChannels;
  const beside = isSame
    ? input
    : convBlock(builder, `${name}.shortcut`, input, { outChannels, kernel: 1, stride });
  const sum = builder.sum(`${name}.sum`, [beside, expanded]);
  return builder.activation(`${name}.act`, sum, activation);
}
