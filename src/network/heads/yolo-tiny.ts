import type { Tap } from '../backbones/stages.ts';
import { appendBlock, type Block } from '../blocks/block.ts';
import { convBlock } from '../blocks/conv-block.ts';
import type { NetworkBuilder } from '../builder.ts';
import { type YoloHeadOptions, yoloOutput } from './yolo-output.ts';

export interface YoloTinyHeadLayout {
  /** Block before each output that sees more than one cell. @default a plain 3×3 convolution */
  readonly spatial?: Block;
  /** Channels to which the deep map is reduced. Both scales read this map. @default 256 */
  readonly neck?: number;
  /** Channels before the deep output. @default 512 */
  readonly deep?: number;
  /** Channels of the upsampled path. @default 128 */
  readonly lateral?: number;
  /** Channels before the shallow output. @default 256 */
  readonly shallow?: number;
}

/**
 * YOLOv3-tiny's head, https://arxiv.org/abs/1804.02767. The first scale predicts from the deep map. The second one
 * upsamples the deep map by 2, and joins it with the shallower map.
 */
export function yoloTinyHead(
  builder: NetworkBuilder,
  taps: { readonly deep: Tap; readonly shallow: Tap },
  options: YoloTinyHeadLayout & YoloHeadOptions,
): void {
  const { classes, anchors, activation } = options;
  const { neck = 256, deep = 512, lateral = 128, shallow = 256 } = options;
  const spatial = options.spatial ?? { block: 'conv', kernel: 3 };

  const append = (name: string, input: string, outChannels: number) =>
    appendBlock(builder, name, input, spatial, { outChannels, stride: 1, activation });
  const pointwise = (name: string, input: string, outChannels: number) =>
    convBlock(builder, name, input, { outChannels, kernel: 1, activation });

  const root = pointwise('head.neck', taps.deep.name, neck);
  const predict = (name: string, input: string, scale: number) =>
    yoloOutput(builder, name, input, { classes, anchors: anchors[scale] ?? [] });
  predict('head.deep', append('head.deep.spatial', root, deep), 0);
  const upsampled = builder.upsample('head.upsample', pointwise('head.lateral', root, lateral), 2);
  const joined = builder.concat('head.join', [upsampled, taps.shallow.name]);
  predict('head.shallow', append('head.shallow.spatial', joined, shallow), 1);
}
