import type { OnnxEmitter } from '../emitter.ts';
import type { Attributes } from '../file.ts';
import { NCHWC } from './layout.ts';

/** A blocked map: [N, C, H, W], C with the channels that fill up the last block. */
export interface BlockedMap {
  readonly name: string;
  readonly shape: readonly [batch: number, channels: number, height: number, width: number];
  readonly block: number;
}

export interface FusedActivation {
  readonly type: 'Relu' | 'LeakyRelu' | 'Clip';
  readonly parameters: readonly number[];
}

/** What the convolution kernels do on the way out. */
export function fused(activation: FusedActivation | undefined): Attributes {
  if (!activation) return {};
  const { type, parameters } = activation;
  return {
    activation: type,
    ...(parameters.length > 0 ? { activation_params: { floats: parameters } } : {}),
  };
}

/** Sums of more pixels than this are taken row by row first: one long running sum loses digits. */
const LONG_SUM = 1024;

/**
 * scale·x + shift for each channel, in one pass: a 1×1 depthwise convolution.
 * @param scale [C]
 */
export function affine(
  to: OnnxEmitter,
  { name, shape: [, channels] }: BlockedMap,
  scale: string,
  options: { readonly shift?: string; readonly sum?: string; readonly activation?: FusedActivation } = {},
): string {
  const { shift, sum, activation } = options;
  const weight = to.reshape(scale, [channels, 1, 1, 1]);
  const inputs = sum ? [name, weight, shift ?? '', sum] : shift ? [name, weight, shift] : [name, weight];
  return to.op('Conv', inputs, { kernel_shape: [1, 1], group: channels, ...fused(activation) }, NCHWC);
}

/** [N, C]: sums over the pixels of each channel of each image. */
export function pixelSums(to: OnnxEmitter, { name, shape, block }: BlockedMap): string {
  const [batch, channels, height, width] = shape;
  const blocks = (batch * channels) / block;
  if (height * width < LONG_SUM) {
    return to.reshape(to.sum(to.reshape(name, [blocks, height * width, block]), [1]), [batch, channels]);
  }
  const rows = to.sum(to.reshape(name, [blocks * height, width, block]), [1]);
  return to.reshape(to.sum(to.reshape(rows, [blocks, height, block]), [1]), [batch, channels]);
}

/**
 * [N, C]: sums over the pixels of the product of two maps: a depthwise convolution of one with the other as a
 * kernel of the map's size.
 */
export function pixelProducts(to: OnnxEmitter, { name, shape, block }: BlockedMap, other: string): string {
  const [batch, channels, height, width] = shape;
  const maps = batch * channels;
  const product = (groups: number, rows: number) =>
    to.op(
      'Conv',
      [to.reshape(name, [1, groups, rows, width]), to.reshape(other, [groups, 1, rows, width])],
      { kernel_shape: [rows, width], group: groups },
      NCHWC,
    );
  if (height * width < LONG_SUM) return to.reshape(product(maps, height), [batch, channels]);
  const rows = to.reshape(product(maps * height, 1), [maps / block, height, block]);
  return to.reshape(to.sum(rows, [1]), [batch, channels]);
}
