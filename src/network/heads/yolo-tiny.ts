import type { Tap } from '../backbones/stages.ts';
import { convBlock } from '../blocks/conv-block.ts';
import { dsconv } from '../blocks/dsconv.ts';
import { mbconv, type Squeeze } from '../blocks/mbconv.ts';
import type { Activation, NetworkBuilder } from '../builder.ts';
import type { Anchor } from '../layers.ts';

/** The convolution that looks around itself, before each output. */
export type SpatialConvolution =
  | { readonly block: 'conv'; readonly kernel: number }
  | { readonly block: 'dsconv'; readonly kernel: number; readonly linearDepthwise?: true }
  | {
      readonly block: 'mbconv';
      readonly kernel: number;
      readonly expand: number;
      readonly squeeze?: Squeeze;
    };

export interface YoloTinyHeadOptions {
  readonly classes: number;
  /** In pixels of the input; deep (coarse) scale first. */
  readonly anchors: readonly (readonly Anchor[])[];
  readonly activation: Activation;
  /** Of the 3×3 convolutions. @default plain ones */
  readonly spatial?: SpatialConvolution;
  /** Channels the deep map is reduced to, and both scales read. @default 256 */
  readonly neck?: number;
  /** Channels before the deep output. @default 512 */
  readonly deep?: number;
  /** Channels of the upsampled path. @default 128 */
  readonly lateral?: number;
  /** Channels before the shallow output. @default 256 */
  readonly shallow?: number;
}

/**
 * YOLOv3-tiny's head, https://arxiv.org/abs/1804.02767: the deep map is predicted from directly, and again,
 * upsampled once and joined with the map of twice its side.
 */
export function yoloTinyHead(
  builder: NetworkBuilder,
  taps: { readonly deep: Tap; readonly shallow: Tap },
  options: YoloTinyHeadOptions,
): void {
  const { classes, anchors, activation } = options;
  const { neck = 256, deep = 512, lateral = 128, shallow = 256 } = options;
  const spatial = options.spatial ?? { block: 'conv', kernel: 3 };

  const append = (name: string, input: string, outChannels: number): string => {
    switch (spatial.block) {
      case 'conv':
        return convBlock(builder, name, input, { outChannels, kernel: spatial.kernel, activation });
      case 'dsconv': {
        const { kernel, linearDepthwise } = spatial;
        return dsconv(builder, name, input, { outChannels, kernel, linearDepthwise, activation });
      }
      case 'mbconv': {
        const { kernel, expand: expansion, squeeze } = spatial;
        return mbconv(builder, name, input, { outChannels, kernel, expansion, squeeze, activation });
      }
    }
  };
  const output = (name: string, input: string, scale: readonly Anchor[]) => {
    const outChannels = scale.length * (5 + classes);
    const logits = builder.conv(`${name}.logits`, input, { outChannels, kernel: 1, bias: true });
    builder.yolo(`${name}.yolo`, logits, { anchors: scale, classes });
  };
  const pointwise = (name: string, input: string, outChannels: number) =>
    convBlock(builder, name, input, { outChannels, kernel: 1, activation });

  const root = pointwise('head.neck', taps.deep.name, neck);
  output('head.deep', append('head.deep.spatial', root, deep), anchors[0] ?? []);
  const upsampled = builder.upsample('head.upsample', pointwise('head.lateral', root, lateral), 2);
  const joined = builder.concat('head.join', [upsampled, taps.shallow.name]);
  output('head.shallow', append('head.shallow.spatial', joined, shallow), anchors[1] ?? []);
}
