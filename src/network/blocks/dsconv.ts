import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';

export interface DSConvOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** Maps that the depthwise step makes of each channel. @default 1 */
  readonly depthMultiplier?: number | undefined;
  readonly activation: Activation;
}

/**
 * Depthwise-separable convolution, https://arxiv.org/abs/1704.04861: a depthwise k×k and a pointwise 1×1
 * convolution, each with batch norm and activation.
 */
export function dsconv(builder: NetworkBuilder, name: string, input: string, options: DSConvOptions): string {
  const { outChannels, kernel, stride = 1, depthMultiplier = 1, activation } = options;
  const groups = builder.channels(input);
  const depthwise = { outChannels: groups * depthMultiplier, kernel, stride, groups, activation };
  const spatial = convBlock(builder, `${name}.depthwise`, input, depthwise);
  return convBlock(builder, `${name}.pointwise`, spatial, { outChannels, kernel: 1, activation });
}
