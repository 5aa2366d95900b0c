import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock, depthwiseBlock } from './conv-block.ts';

export interface ShuffleUnitOptions {
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly activation: Activation;
}

export interface ShuffleV1Options extends ShuffleUnitOptions {
  /** Number of groups of the two 1×1 convolutions. */
  readonly groups: number;
  /** Number of groups of the first 1×1 convolution. @default groups */
  readonly firstGroups?: number | undefined;
}

/** Output channels of a ShuffleNetV1 unit divided by the channels of its middle. */
const NARROWING = 4;

/**
 * ShuffleNet's unit, https://arxiv.org/abs/1707.01083: grouped 1×1, channel shuffle, depthwise k×k, grouped 1×1. At
 * stride 1, the input is added. At stride 2, the pooled input is concatenated, and the unit computes only the other
 * channels.
 */
export function shuffleV1Unit(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: ShuffleV1Options,
): string {
  const { outChannels, kernel, stride, activation, groups, firstGroups = groups } = options;
  const made = stride === 1 ? outChannels : outChannels - builder.channels(input);
  const narrow = outChannels / NARROWING;
  const first = { outChannels: narrow, kernel: 1, groups: firstGroups, activation };
  const reduced = convBlock(builder, `${name}.reduce`, input, first);
  const mixed = groups > 1 ? builder.shuffle(`${name}.shuffle`, reduced, groups) : reduced;
  const spatial = depthwiseBlock(builder, `${name}.depthwise`, mixed, { kernel, stride });
  const expanded = convBlock(builder, `${name}.expand`, spatial, { outChannels: made, kernel: 1, groups });
  if (stride === 1) {
    return builder.activation(`${name}.act`, builder.sum(`${name}.sum`, [input, expanded]), activation);
  }
  const pooled = builder.avgPool(`${name}.pool`, input, { kernel: 3, stride, padding: [1, 1, 1, 1] });
  const joined = builder.concat(`${name}.join`, [pooled, expanded]);
  return builder.activation(`${name}.act`, joined, activation);
}

/** The computing branch of a ShuffleNetV2 unit: 1×1, depthwise k×k, 1×1. */
function shuffleV2Branch(
  builder: NetworkBuilder,
  name: string,
  input: string,
  outChannels: number,
  { kernel, stride, activation }: ShuffleUnitOptions,
): string {
  const first = convBlock(builder, `${name}.first`, input, { outChannels, kernel: 1, activation });
  const spatial = depthwiseBlock(builder, `${name}.depthwise`, first, { kernel, stride });
  return convBlock(builder, `${name}.last`, spatial, { outChannels, kernel: 1, activation });
}

/**
 * ShuffleNetV2's unit, https://arxiv.org/abs/1807.11164. At stride 1, half of the channels bypass the branch, which
 * reads the other half. At stride 2, both halves are computed from the whole input. Then the halves are shuffled.
 */
export function shuffleV2Unit(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: ShuffleUnitOptions,
): string {
  const { outChannels, kernel, stride, activation } = options;
  const half = outChannels / 2;
  const beside =
    stride === 1
      ? builder.slice(`${name}.kept`, input, 0, half)
      : convBlock(
          builder,
          `${name}.left.last`,
          depthwiseBlock(builder, `${name}.left.depthwise`, input, { kernel, stride }),
          { outChannels: half, kernel: 1, activation },
        );
  const source = stride === 1 ? builder.slice(`${name}.changed`, input, half, outChannels) : input;
  const computed = shuffleV2Branch(builder, `${name}.right`, source, half, options);
  const joined = builder.concat(`${name}.join`, [beside, computed]);
  return builder.shuffle(`${name}.shuffle`, joined, 2);
}
