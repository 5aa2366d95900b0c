import type { NetworkBuilder } from '../builder.ts';
import { convBlock, depthwiseBlock } from './conv-block.ts';

/**
 * What a block adds to its output. `identity` adds its input if shapes are equal. Otherwise, the input passes a
 * convolution first.
 */
export type Shortcut = 'identity' | ShortcutConvolution;

export interface ShortcutConvolution {
  readonly kernel: number;
  /**
   * `depthwise`: a depthwise convolution, followed by a 1×1 convolution if the number of channels changes. `dense`: one
   * full convolution.
   */
  readonly type: 'dense' | 'depthwise';
  /** Blocks that have the shortcut: those that could add their input, or all that keep the map's size. */
  readonly where: 'equal-shapes' | 'stride-1';
}

function convolved(
  builder: NetworkBuilder,
  name: string,
  input: string,
  { kernel, type }: ShortcutConvolution,
  outChannels: number,
): string {
  if (type === 'dense') return convBlock(builder, name, input, { outChannels, kernel });
  const spatial = depthwiseBlock(builder, `${name}.depthwise`, input, { kernel });
  if (builder.channels(input) === outChannels) return spatial;
  return convBlock(builder, `${name}.pointwise`, spatial, { outChannels, kernel: 1 });
}

/** Adds a block's shortcut to its output, if this block has one. */
export function addShortcut(
  builder: NetworkBuilder,
  name: string,
  input: string,
  output: string,
  shortcut: Shortcut | undefined,
): string {
  if (!shortcut) return output;
  const [before, after] = [builder.shape(input), builder.shape(output)];
  const isSameSize = before[1] === after[1] && before[2] === after[2];
  const isSameShape = isSameSize && before[0] === after[0];
  if (shortcut === 'identity') {
    return isSameShape ? builder.sum(`${name}.sum`, [input, output]) : output;
  }
  if (!(shortcut.where === 'stride-1' ? isSameSize : isSameShape)) return output;
  const beside = convolved(builder, `${name}.shortcut`, input, shortcut, after[0]);
  return builder.sum(`${name}.sum`, [beside, output]);
}
