import type { Tap } from '../backbones/stages.ts';
import { convBlock } from '../blocks/conv-block.ts';
import { dsconv } from '../blocks/dsconv.ts';
import type { NetworkBuilder } from '../builder.ts';
import { type YoloHeadOptions, yoloOutput } from './yolo-output.ts';

export interface PyramidHeadLayout {
  /** Channels of every map. @default 96 */
  readonly channels?: number;
  /** Side of the depthwise kernels. @default 5 */
  readonly kernel?: number;
}

export interface PyramidTaps {
  readonly shallow: Tap;
  readonly middle: Tap;
  readonly deep: Tap;
}

/**
 * A light head at three scales, with a feature pyramid (https://arxiv.org/abs/1612.03144). The taps are brought to one
 * number of channels, and joined from coarse to fine. If `bottomUp`, they are then joined from fine to coarse (path
 * aggregation, https://arxiv.org/abs/1803.01534). Depthwise-separable convolutions process the joined maps, as in
 * PicoDet's neck (https://arxiv.org/abs/2111.00902). One more precedes each output. Layers are named head.deep.…,
 * head.middle.… and head.shallow.….
 */
export function pyramidHead(
  builder: NetworkBuilder,
  taps: PyramidTaps,
  options: PyramidHeadLayout & YoloHeadOptions & { readonly bottomUp: boolean },
): void {
  const { channels = 96, kernel = 5, bottomUp, classes, anchors, activation } = options;
  const lateral = (scale: keyof PyramidTaps) =>
    convBlock(builder, `head.${scale}.lateral`, taps[scale].name, {
      outChannels: channels,
      kernel: 1,
      activation,
    });
  const spatial = (name: string, input: string, stride = 1) =>
    dsconv(builder, name, input, { outChannels: channels, kernel, stride, activation });
  const merge = (name: string, maps: readonly string[]) =>
    spatial(name, builder.concat(`${name}.join`, maps));
  const down = (scale: keyof PyramidTaps, coarser: string) => {
    const upsampled = builder.upsample(`head.${scale}.upsample`, coarser, 2);
    return merge(`head.${scale}.topDown`, [upsampled, lateral(scale)]);
  };
  const up = (scale: keyof PyramidTaps, finer: string, same: string) =>
    merge(`head.${scale}.bottomUp`, [spatial(`head.${scale}.downsample`, finer, 2), same]);

  let deep = lateral('deep');
  let middle = down('middle', deep);
  const shallow = down('shallow', middle);
  if (bottomUp) {
    middle = up('middle', shallow, middle);
    deep = up('deep', middle, deep);
  }
  const outputs = [
    ['deep', deep],
    ['middle', middle],
    ['shallow', shallow],
  ] as const;
  outputs.forEach(([scale, map], index) => {
    const before = spatial(`head.${scale}.spatial`, map);
    yoloOutput(builder, `head.${scale}`, before, { classes, anchors: anchors[index] ?? [] });
  });
}
