import type { Activation, NetworkBuilder } from '../builder.ts';
import { roundChannels } from './round-channels.ts';

/**
 * How far squeeze and excitation reduces the channels. The reduced number is `of` divided by `ratio`. `of` is the
 * block's input (EfficientNet's reference) or the expanded maps (MobileNetV3's).
 */
export interface Squeeze extends Gate {
  /** Reduction ratio, β in the papers. */
  readonly ratio: number;
  /** Which channels the ratio divides. */
  readonly of: 'input' | 'expanded';
  /** Multiple to which the reduced channels are rounded. @default rounded down to a whole number */
  readonly multiple?: number;
}

interface Gate {
  /** Activation between the two dense layers. @default 'relu' */
  readonly activation?: Activation;
  /** Activation of the gate. @default 'hardSigmoid' */
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
 * Squeeze and excitation, https://arxiv.org/abs/1709.01507: scales each channel by a gate in [0, 1]. Two small dense
 * layers (1×1 convolutions) compute the gates from the channel means. The defaults, ReLU and hard sigmoid, are those of
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
