import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';

export interface DSConvOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** Adds the input before the last activation, where the block changes neither size nor channels. @default false */
  readonly residual?: boolean | undefined;
  readonly activation: Activation;
  /**
   * No activation between the two convolutions, which Xception found to train better
   * (https://arxiv.org/abs/1610.02357, 4.7). @default false
   */
  readonly linearDepthwise?: boolean | undefined;
}

/**
 * Depthwise-separable convolution, https://arxiv.org/abs/1704.04861: a depthwise k×k and a pointwise 1×1
 * convolution, each with batch norm and activation.
 */
export function dsconv(builder: NetworkBuilder, name: string, input: string, options: DSConvOptions): string {
  const { outChannels, kernel, stride = 1, residual = false, activation, linearDepthwise = false } = options;
  const channels = builder.channels(input);
  const depthwise = {
    outChannels: channels,
    kernel,
    stride,
    groups: channels,
    activation: linearDepthwise ? undefined : activation,
  };
  const spatial = convBlock(builder, `${name}.depthwise`, input, depthwise);
  const pointwise = { outChannels, kernel: 1 };
  if (!residual || stride !== 1 || channels !== outChannels) {
    return convBlock(builder, `${name}.pointwise`, spatial, { ...pointwise, activation });
  }
  const linear = convBlock(builder, `${name}.pointwise`, spatial, pointwise);
  return builder.activation(`${name}.act`, builder.sum(`${name}.sum`, [input, linear]), activation);
}
