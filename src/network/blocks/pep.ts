import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';
import { mbconv } from './mbconv.ts';
import { addShortcut } from './shortcut.ts';

export interface PepOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** Channels of the first projection. */
  readonly project: number;
  /** @default 1 */
  readonly stride?: number;
  readonly activation: Activation;
}

/**
 * YOLO Nano's projection-expansion-projection module, https://arxiv.org/abs/1910.01271: 1×1 to few channels, 1×1,
 * depthwise k×k, linear 1×1. The input is added if shapes are equal. Without the first step, it is the
 * expansion-projection module: an `mbconv` with expansion 1 and an identity shortcut.
 */
export function pep(builder: NetworkBuilder, name: string, input: string, options: PepOptions): string {
  const { outChannels, kernel, project, stride = 1, activation } = options;
  const few = convBlock(builder, `${name}.project`, input, { outChannels: project, kernel: 1, activation });
  const projected = mbconv(builder, name, few, { outChannels, kernel, stride, expansion: 1, activation });
  return addShortcut(builder, name, input, projected, 'identity');
}
