import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Padding } from '../../foundation/padding.ts';
import { appendBlock, type Block } from '../blocks/block.ts';
import { spatialPyramid } from '../blocks/spatial-pyramid.ts';
import { type Squeeze, squeezedChannels, squeezeExcite } from '../blocks/squeeze-excite.ts';
import { type Activation, type BuilderOptions, NetworkBuilder } from '../builder.ts';
import type { ClassifierHead } from '../heads/classifier.ts';
import { INPUT } from '../layers.ts';

/** Consecutive blocks that differ only in the stride of the first one. */
type BlockStage = Block & {
  /** Number of output channels. */
  readonly out: number;
  /** Side in cells. An even side needs `padding`. */
  readonly kernel: 1 | 3 | 5 | 6 | 7;
  /** Stride of the first block. The others have stride 1. */
  readonly stride: 1 | 2;
  /** Number of blocks in the stage. @default 1 */
  readonly repeat?: number;
  /** Activation. @default the backbone's activation */
  readonly activation?: Activation;
  /** Present if a head reads this stage's output. */
  readonly tap?: true;
};

/** One row of a backbone's table. */
export type Stage =
  | BlockStage
  | {
      readonly block: 'maxPool';
      readonly kernel: number;
      readonly stride: number;
      readonly padding?: Padding;
    }
  /** Squeeze and excitation without a convolution. */
  | { readonly block: 'attention'; readonly squeeze: Squeeze }
  /** Spatial pyramid pooling. */
  | { readonly block: 'spatialPyramid'; readonly out: number };

/** A backbone of a family, for one choice of its options. */
export interface Backbone {
  readonly stages: readonly Stage[];
  /** Activation of stages that do not set one. */
  readonly activation: Activation;
  /** Padding and norm settings. @default PyTorch's norms and even padding */
  readonly conventions?: BuilderOptions;
  /** Classifier on top, as in the paper. @default pooling and a dense layer */
  readonly classifier?: ClassifierHead;
  /** Side of the square input in the paper, in pixels. @default 224 */
  readonly resolution?: number;
}

export interface Tap {
  /** Name of the layer. */
  readonly name: string;
  readonly channels: number;
  /** Input pixels per cell. */
  readonly stride: number;
}

export interface BuiltBackbone {
  /** Layers that detection heads can read, from shallow to deep: the stages marked `tap`. */
  readonly taps: readonly Tap[];
  /** The last layer. */
  readonly last: string;
}

/** Side of a square input in pixels, or its width and height. */
export type InputSize =
  | number
  | {
      /** Width in pixels. */
      readonly width: number;
      /** Height in pixels. */
      readonly height: number;
    };

/**
 * Creates a builder for color images, with a backbone's conventions.
 * @throws MicroYoloError `invalid-argument` if the size is not in whole pixels
 */
export function builderFor({ conventions }: Backbone, size: InputSize): NetworkBuilder {
  const { width, height } = typeof size === 'number' ? { width: size, height: size } : size;
  if (![width, height].every((side) => Number.isInteger(side) && side >= 1)) {
    throw new MicroYoloError(
      'invalid-argument',
      `size ${width}×${height}: expected whole pixels, such as 416`,
    );
  }
  return new NetworkBuilder([3, height, width], conventions);
}

function appendBlocks(
  builder: NetworkBuilder,
  name: string,
  input: string,
  stage: BlockStage,
  byDefault: Activation,
): string {
  const { out: outChannels, repeat = 1, activation = byDefault } = stage;
  let last = input;
  for (let block = 0; block < repeat; block++) {
    const stride = block === 0 ? stage.stride : 1;
    last = appendBlock(builder, `${name}.${block}`, last, stage, { outChannels, stride, activation });
  }
  return last;
}

/** Appends a backbone's stages to the network's input. Layers are named backbone.STAGE.BLOCK…. */
export function buildBackbone(
  builder: NetworkBuilder,
  { stages, activation }: Pick<Backbone, 'stages' | 'activation'>,
): BuiltBackbone {
  const taps: Tap[] = [];
  let [last, scale] = [INPUT as string, 1];
  stages.forEach((stage, index) => {
    const name = `backbone.${index}`;
    if (stage.block === 'maxPool') {
      const { kernel, stride, padding = [0, 0, 0, 0] } = stage;
      last = builder.maxPool(name, last, { kernel, stride, padding });
      scale *= stride;
      return;
    }
    if (stage.block === 'attention') {
      const channels = builder.channels(last);
      const squeezed = squeezedChannels(stage.squeeze, channels, channels);
      last = squeezeExcite(builder, name, last, squeezed, stage.squeeze);
      return;
    }
    if (stage.block === 'spatialPyramid') {
      last = spatialPyramid(builder, name, last, { outChannels: stage.out, activation });
      return;
    }
    last = appendBlocks(builder, name, last, stage, activation);
    scale *= stage.stride;
    if (stage.tap) taps.push({ name: last, channels: builder.channels(last), stride: scale });
  });
  return { taps, last };
}
