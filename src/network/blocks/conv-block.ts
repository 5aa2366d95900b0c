import type { Padding } from '../../foundation/padding.ts';
import type { Activation, NetworkBuilder } from '../builder.ts';

export interface ConvBlockOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** @default 1 */
  readonly groups?: number;
  /** @default half of the kernel's side on each edge, rounded down */
  readonly padding?: Padding | undefined;
  /** If omitted, the block is linear. */
  readonly activation?: Activation | undefined;
  /** If false, the convolution has a bias instead of batch norm. @default true */
  readonly norm?: boolean;
}

/** Convolution, batch norm and activation. The layers are NAME.conv, NAME.norm and NAME.act. */
export function convBlock(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: ConvBlockOptions,
): string {
  const { activation, norm = true, padding, ...convolution } = options;
  const padded = padding ? { ...convolution, padding } : convolution;
  const conv = builder.conv(`${name}.conv`, input, { ...padded, bias: !norm });
  const normed = norm ? builder.batchNorm(`${name}.norm`, conv) : conv;
  return activation ? builder.activation(`${name}.act`, normed, activation) : normed;
}

/** A depthwise convolution with batch norm. It is linear unless an activation is set. */
export function depthwiseBlock(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: Omit<ConvBlockOptions, 'outChannels' | 'groups' | 'norm'>,
): string {
  const channels = builder.channels(input);
  return convBlock(builder, name, input, { ...options, outChannels: channels, groups: channels });
}
