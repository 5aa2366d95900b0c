import * as z from 'zod';
import type { Backbone, Stage } from './stages.ts';

export const mobileNetV1Options = z.strictObject({
  /** Width multiplier α, relative to the paper's channels. */
  width: z.number().positive().max(4).default(1),
  /** Output channels of each depthwise convolution per input channel. */
  depthMultiplier: z.number().int().min(1).max(8).default(1),
  /** The paper uses ReLU. Published weights, including Keras's, use ReLU6. */
  activation: z.enum(['relu', 'relu6']).default('relu'),
});

/**
 * MobileNetV1, https://arxiv.org/abs/1704.04861. Its resolution multiplier ρ is the input size. Widths are rounded down
 * to whole channels, at least 8. Comments give the side of the feature map for a 224 px input.
 */
export function mobileNetV1(options: z.output<typeof mobileNetV1Options>): Backbone {
  const { width, depthMultiplier, activation } = options;
  const of = (channels: number) => Math.max(8, Math.floor(channels * width));
  const separable = { block: 'dsconv', kernel: 3, depthMultiplier } as const;
  const stages: readonly Stage[] = [
    { block: 'conv', kernel: 3, stride: 2, out: of(32) }, // 112
    { ...separable, stride: 1, out: of(64) },
    { ...separable, stride: 2, out: of(128), repeat: 2 }, // 56
    { ...separable, stride: 2, out: of(256), repeat: 2, tap: true }, // 28
    { ...separable, stride: 2, out: of(512), repeat: 6, tap: true }, // 14
    { ...separable, stride: 2, out: of(1024), repeat: 2, tap: true }, // 7
  ];
  return { stages, activation, classifier: { dropout: 1e-3 } };
}
