import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';
import { addShortcut, type Shortcut } from './shortcut.ts';

export interface DSConvOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** Output channels of the depthwise convolution per input channel. @default 1 */
  readonly depthMultiplier?: number | undefined;
  /**
   * If true, there is no activation between the two convolutions. Xception trains better this way
   * (https://arxiv.org/abs/1610.02357, 4.7). @default false
   */
  readonly linearDepthwise?: boolean | undefined;
  /** Shortcut that is added before the last activation. @default none */
  readonly shortcut?: Shortcut | undefined;
  readonly activation: Activation;
}

/**
 * Depthwise-separable convolution, https://arxiv.org/abs/1704.04861: a depthwise k×k and a pointwise 1×1
 * convolution, each with batch norm and activation.
 */
export function dsconv(builder: NetworkBuilder, name: string, input: string, options: DSConvOptions): string {
  const { outChannels, kernel, stride = 1, depthMultiplier = 1, shortcut, activation } = options;
  const groups = builder.channels(input);
  const between = options.linearDepthwise ? undefined : activation;
  const depthwise = { outChannels: groups * depthMultiplier, kernel, stride, groups, activation: between };
  const spatial = convBlock(builder, `${name}.depthwise`, input, depthwise);
  const pointwise = { outChannels, kernel: 1 };
  if (!shortcut) return convBlock(builder, `${name}.pointwise`, spatial, { ...pointwise, activation });
  const linear = convBlock(builder, `${name}.pointwise`, spatial, pointwise);
  return builder.activation(`${name}.act`, addShortcut(builder, name, input, linear, shortcut), activation);
}
