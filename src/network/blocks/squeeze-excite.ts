import type { NetworkBuilder } from '../builder.ts';

/**
 * Squeeze and excitation, https://arxiv.org/abs/1709.01507: a gate in [0, 1] a channel from the channel
 * means, through two small dense layers (1×1 convolutions with bias), ReLU and hard sigmoid as in
 * MobileNetV3, https://arxiv.org/abs/1905.02244.
 *
 * @param squeezed channels between the two dense layers
 */
export function squeezeExcite(
  builder: NetworkBuilder,
  name: string,
  input: string,
  squeezed: number,
): string {
  const outChannels = builder.channels(input);
  const pooled = builder.globalAvgPool(`${name}.pool`, input);
  const reduced = builder.conv(`${name}.reduce`, pooled, { outChannels: squeezed, kernel: 1, bias: true });
  const activated = builder.activation(`${name}.act`, reduced, 'relu');
  const expanded = builder.conv(`${name}.expand`, activated, { outChannels, kernel: 1, bias: true });
  const gate = builder.activation(`${name}.gate`, expanded, 'hardSigmoid');
  return builder.multiply(`${name}.scale`, input, gate);
}
