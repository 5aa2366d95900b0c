import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock, depthwiseBlock } from './conv-block.ts';
import { type Squeeze, squeezedChannels, squeezeExcite } from './squeeze-excite.ts';

export interface GhostModuleOptions {
  readonly outChannels: number;
  /** Kernel of the convolution that computes the first half. @default 1 */
  readonly kernel?: number;
  /** Stride of the same convolution. @default 1 */
  readonly stride?: number;
  /** If omitted, the module is linear. */
  readonly activation?: Activation | undefined;
}

/** Kernel of the cheap depthwise convolution. */
const CHEAP_KERNEL = 3;

/**
 * Ghost module, https://arxiv.org/abs/1911.11907, with ratio 2. A convolution computes half of the channels, and a
 * depthwise convolution computes the other half from these.
 */
export function ghostModule(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: GhostModuleOptions,
): string {
  const { outChannels, kernel = 1, stride = 1, activation } = options;
  const first = Math.ceil(outChannels / 2);
  const half = { outChannels: first, kernel, stride, activation };
  const primary = convBlock(builder, `${name}.primary`, input, half);
  const cheap = depthwiseBlock(builder, `${name}.cheap`, primary, { kernel: CHEAP_KERNEL, activation });
  const joined = builder.concat(`${name}.join`, [primary, cheap]);
  return 2 * first === outChannels ? joined : builder.slice(`${name}.slice`, joined, 0, outChannels);
}

export interface GhostBottleneckOptions {
  readonly outChannels: number;
  /** Channels of the wide middle. */
  readonly expanded: number;
  /** Kernel of the depthwise convolutions at stride 2 and in the shortcut. */
  readonly kernel: number;
  readonly stride: number;
  readonly squeeze?: Squeeze | undefined;
  readonly activation: Activation;
}

/**
 * GhostNet's block: an expanding Ghost module, a depthwise convolution (at stride 2 only), squeeze and excitation, and
 * a linear, reducing Ghost module. The result is added to the input. If shapes differ, the input first passes a
 * depthwise-separable convolution.
 */
export function ghostBottleneck(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: GhostBottleneckOptions,
): string {
  const { outChannels, expanded, kernel, stride, squeeze, activation } = options;
  const inChannels = builder.channels(input);
  const wide = ghostModule(builder, `${name}.expand`, input, { outChannels: expanded, activation });
  const spatial = stride > 1 ? depthwiseBlock(builder, `${name}.depthwise`, wide, { kernel, stride }) : wide;
  const gated = squeeze
    ? squeezeExcite(
        builder,
        `${name}.squeeze`,
        spatial,
        squeezedChannels(squeeze, inChannels, expanded),
        squeeze,
      )
    : spatial;
  const narrow = ghostModule(builder, `${name}.reduce`, gated, { outChannels });
  const isSame = stride === 1 && inChannels === outChannels;
  const beside = isSame
    ? input
    : convBlock(
        builder,
        `${name}.shortcut.pointwise`,
        depthwiseBlock(builder, `${name}.shortcut.depthwise`, input, { kernel, stride }),
        { outChannels, kernel: 1 },
      );
  return builder.sum(`${name}.sum`, [beside, narrow]);
}
