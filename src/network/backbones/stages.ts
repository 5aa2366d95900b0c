import { convBlock } from '../blocks/conv-block.ts';
import { dsconv } from '../blocks/dsconv.ts';
import { mbconv, type Squeeze } from '../blocks/mbconv.ts';
import type { Activation, NetworkBuilder } from '../builder.ts';
import { INPUT, type Padding } from '../layers.ts';

interface BlockStage {
  /** Output channels. */
  readonly out: number;
  readonly kernel: 1 | 3 | 5 | 7;
  /** Stride of the first block; the rest have 1. */
  readonly stride: 1 | 2;
  /** Blocks in the stage. @default 1 */
  readonly repeat?: number;
  /** A head reads this stage's output. */
  readonly tap?: true;
}

interface Residual {
  /** Blocks that change neither size nor channels add their input. @default false */
  readonly residual?: true;
}

/** One row of a backbone's table. */
export type Stage =
  | (BlockStage & { readonly block: 'conv' })
  | (BlockStage & Residual & { readonly block: 'dsconv'; readonly linearDepthwise?: true })
  | (BlockStage &
      Residual & { readonly block: 'mbconv'; readonly expand: number; readonly squeeze?: Squeeze })
  | {
      readonly block: 'maxPool';
      readonly kernel: number;
      readonly stride: number;
      readonly padding?: Padding;
    };

export interface Tap {
  /** Layer to read. */
  readonly name: string;
  readonly channels: number;
  /** Input pixels a cell. */
  readonly stride: number;
}

function appendBlock(
  builder: NetworkBuilder,
  name: string,
  input: string,
  stage: Exclude<Stage, { block: 'maxPool' }>,
  stride: number,
  activation: Activation,
): string {
  const { out: outChannels, kernel } = stage;
  switch (stage.block) {
    case 'conv':
      return convBlock(builder, name, input, { outChannels, kernel, stride, activation });
    case 'dsconv':
      return dsconv(builder, name, input, {
        outChannels,
        kernel,
        stride,
        residual: stage.residual,
        linearDepthwise: stage.linearDepthwise,
        activation,
      });
    case 'mbconv': {
      const { expand: expansion, squeeze, residual } = stage;
      return mbconv(builder, name, input, {
        outChannels,
        kernel,
        stride,
        expansion,
        squeeze,
        residual,
        activation,
      });
    }
  }
}

/**
 * Appends a backbone's stages to the network's input and reports what heads may read: the stages marked
 * `tap`, shallow to deep. Layers are named backbone.STAGE.BLOCK….
 */
export function buildBackbone(
  builder: NetworkBuilder,
  stages: readonly Stage[],
  activation: Activation,
): readonly Tap[] {
  const taps: Tap[] = [];
  let last = INPUT;
  stages.forEach((stage, index) => {
    const name = `backbone.${index}`;
    if (stage.block === 'maxPool') {
      const { kernel, stride, padding = [0, 0, 0, 0] } = stage;
      last = builder.maxPool(name, last, { kernel, stride, padding });
      return;
    }
    for (let block = 0; block < (stage.repeat ?? 1); block++) {
      last = appendBlock(
        builder,
        `${name}.${block}`,
        last,
        stage,
        block === 0 ? stage.stride : 1,
        activation,
      );
    }
    if (stage.tap) {
      const [channels, height] = builder.shape(last);
      taps.push({ name: last, channels, stride: builder.shape(INPUT)[1] / height });
    }
  });
  return taps;
}
