import type { Activation, NetworkBuilder } from '../builder.ts';
import { roundChannels } from './round-channels.ts';

/**
 * How far squeeze and excitation narrows. The reduced channels are those of `of`, divided by `ratio`: the block's
 * input (EfficientNet's reference) or the expanded maps (MobileNetV3's).
 */
export interface Squeeze extends Gate {
  /** Reduction ratio, β in the papers. */
  readonly ratio: number;
  /** The channels that the ratio divides. */
  readonly of: 'input' | 'expanded';
  /** The reduced channels are rounded to a multiple of this. @default rounded down to a whole number */
  readonly multiple?: number;
}

interface Gate {
  /** Activation between the two dense layers. @default 'relu' */
  readonly activation?: Activation;
  /** Function of the gate. @default 'hardSigmoid' */
  readonly gate?: 'sigmoid' | 'hardSigmoid';
  /** Whether the two dense layers have biases. @default true */
  readonly bias?: boolean;
}

/** Number of reduced channels, at least 1. */
export function squeezedChannels(squeeze: Squeeze, inChannels: number, expandedChannels: number): number {
  const reduced = (squeeze.of === 'input' ? inChannels : expandedChannels) / squeeze.ratio;
  return squeeze.multiple ? roundChannels(reduced, squeeze.multiple) : Math.max(1, Math.floor(reduced));
}

/**
 * Squeeze and excitation, https://arxiv.org/abs/1709.01507: a gate in [0, 1] a channel from the channel
 * means, through two small dense layers (1×1 convolutions); by default with ReLU and hard sigmoid as in
 * MobileNetV3, https://arxiv.org/abs/1905.02244.
 *
 * @param squeezed channels between the two dense layers
 */
export function squeezeExcite(
  builder: NetworkBuilder,
  name: string,
  input: string,
  squeezed: number,
  options: Gate = {},
): string {
  const { activation = 'relu', gate = 'hardSigmoid', bias = true } = options;
  const outChannels = builder.channels(input);
  const pooled = builder.globalAvgPool(`${name}.pool`, input);
  const reduced = builder.conv(`${name}.reduce`, pooled, { outChannels: squeezed, kernel: 1, bias });
  const activated = builder.activation(`${name}.act`, reduced, activation);
  const expanded = builder.conv(`${name}.expand`, activated, { outChannels, kernel: 1, bias });
  return builder.multiply(`${name}.scale`, input, builder.activation(`${name}.gate`, expanded, gate));
}
