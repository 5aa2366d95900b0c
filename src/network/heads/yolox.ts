import type { Tap } from '../backbones/stages.ts';
import { convBlock } from '../blocks/conv-block.ts';
import { dsconv } from '../blocks/dsconv.ts';
import type { Activation, NetworkBuilder } from '../builder.ts';
import type { PyramidTaps } from './pyramid.ts';
import { type YoloHeadOptions, yoloOutput } from './yolo-output.ts';

export interface YoloxHeadLayout {
  /**
   * Channels of the shallow map and of both branches. The middle map has twice as many, the deep map four times.
   * @default 64
   */
  readonly width?: number;
  /** Activation of the neck and the branches. @default silu, as published */
  readonly activation?: Activation;
}

/**
 * YOLOX-Nano's neck and head, https://arxiv.org/abs/2107.08430. The neck is a path aggregation network of cross-stage
 * partial blocks (https://arxiv.org/abs/1911.11929) with depthwise-separable convolutions. Each of three scales has two
 * branches: one for box and objectness, one for classes. There are no anchors: boxes are measured in cells.
 *
 * Two things differ from the paper, but not in what the network can compute. If a tap's channels differ from the
 * neck's, the tap first passes a 1×1 convolution. A single 1×1 convolution computes the logits of both branches.
 */
export function yoloxHead(
  builder: NetworkBuilder,
  taps: PyramidTaps,
  options: Omit<YoloHeadOptions, 'activation'> & YoloxHeadLayout,
): void {
  const { width = 64, activation = 'silu', classes, anchors } = options;
  const pointwise = (name: string, input: string, outChannels: number) =>
    convBlock(builder, `head.${name}`, input, { outChannels, kernel: 1, activation });
  const separable = (name: string, input: string, outChannels: number, stride = 1) =>
    dsconv(builder, `head.${name}`, input, { outChannels, kernel: 3, stride, activation });
  const lateral = (scale: keyof PyramidTaps, { name, channels }: Tap, outChannels: number) =>
    channels === outChannels ? name : pointwise(`${scale}.lateral`, name, outChannels);
  /** A cross-stage partial block with one bottleneck, without a shortcut. */
  const merge = (name: string, maps: readonly string[], outChannels: number) => {
    const joined = builder.concat(`head.${name}.join`, maps);
    const hidden = outChannels / 2;
    const reduced = pointwise(`${name}.bottleneck.reduce`, pointwise(`${name}.main`, joined, hidden), hidden);
    const main = separable(`${name}.bottleneck.spatial`, reduced, hidden);
    const both = builder.concat(`head.${name}.both`, [main, pointwise(`${name}.beside`, joined, hidden)]);
    return pointwise(`${name}.out`, both, outChannels);
  };
  const upsampled = (scale: string, map: string) => builder.upsample(`head.${scale}.upsample`, map, 2);

  const deepest = lateral('deep', taps.deep, 2 * width);
  const middleTap = lateral('middle', taps.middle, 2 * width);
  const joinedMiddle = merge('middle.topDown', [upsampled('middle', deepest), middleTap], 2 * width);
  const middleReduced = pointwise('middle.reduce', joinedMiddle, width);
  const shallowTap = lateral('shallow', taps.shallow, width);
  const shallow = merge('shallow.topDown', [upsampled('shallow', middleReduced), shallowTap], width);
  const toMiddle = separable('middle.downsample', shallow, width, 2);
  const middle = merge('middle.bottomUp', [toMiddle, middleReduced], 2 * width);
  const toDeep = separable('deep.downsample', middle, 2 * width, 2);
  const deep = merge('deep.bottomUp', [toDeep, deepest], 4 * width);

  const outputs = [
    ['deep', deep],
    ['middle', middle],
    ['shallow', shallow],
  ] as const;
  outputs.forEach(([scale, map], index) => {
    const stem = pointwise(`${scale}.stem`, map, width);
    const branch = (name: string) =>
      separable(`${scale}.${name}.1`, separable(`${scale}.${name}.0`, stem, width), width);
    const both = builder.concat(`head.${scale}.branches`, [branch('box'), branch('class')]);
    yoloOutput(builder, `head.${scale}`, both, { classes, anchors: anchors[index] ?? [], center: 'linear' });
  });
}
