import type { Activation, NetworkBuilder } from '../builder.ts';
import { convBlock } from './conv-block.ts';
import { squeezeExcite } from './squeeze-excite.ts';

/**
 * How far squeeze and excitation narrows: the channels it reduces to are those of `of` divided by `ratio`.
 * The block's input (EfficientNet's reference) or the expanded maps (MobileNetV3's).
 */
export interface Squeeze {
  /** The papers' β. */
  readonly ratio: number;
  readonly of: 'input' | 'expanded';
}

export interface MBConvOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** Expanded channels over input channels, the papers' α. */
  readonly expansion: number;
  /** None leaves squeeze and excitation out. */
  readonly squeeze?: Squeeze | undefined;
  /** Adds the input where the block changes neither size nor channels. @default false */
  readonly residual?: boolean | undefined;
  readonly activation: Activation;
}

/** Channels that squeeze and excitation reduces to, at least 1. */
export function squeezedChannels(squeeze: Squeeze, inChannels: number, expandedChannels: number): number {
  const reference = squeeze.of === 'input' ? inChannels : expandedChannels;
  return Math.max(1, Math.floor(reference / squeeze.ratio));
}

/**
 * Mobile inverted bottleneck as Micro-YOLO uses it (https://doi.org/10.5220/0010234401510158): 1×1
 * expansion, depthwise k×k, squeeze and excitation, linear 1×1 reduction. The paper has no residual, since
 * its input and output channels differ. The expansion is there for α = 1 too.
 */
export function mbconv(builder: NetworkBuilder, name: string, input: string, options: MBConvOptions): string {
  const { outChannels, kernel, stride = 1, expansion, squeeze, residual = false, activation } = options;
  const inChannels = builder.channels(input);
  const expanded = Math.round(inChannels * expansion);
  const wide = convBlock(builder, `${name}.expand`, input, { outChannels: expanded, kernel: 1, activation });
  const depthwise = { outChannels: expanded, kernel, stride, groups: expanded, activation };
  const spatial = convBlock(builder, `${name}.depthwise`, wide, depthwise);
  const gated = squeeze
    ? squeezeExcite(builder, `${name}.squeeze`, spatial, squeezedChannels(squeeze, inChannels, expanded))
    : spatial;
  const reduced = convBlock(builder, `${name}.reduce`, gated, { outChannels, kernel: 1 });
  if (!residual || stride !== 1 || inChannels !== outChannels) return reduced;
  return builder.sum(`${name}.sum`, [input, reduced]);
}
