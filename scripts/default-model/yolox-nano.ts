import { convBlock } from '../../src/network/blocks/conv-block.ts';
import { dsconv } from '../../src/network/blocks/dsconv.ts';
import { SPATIAL_PYRAMID_CONVOLUTIONS, spatialPyramid } from '../../src/network/blocks/spatial-pyramid.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { appendHead } from '../../src/network/heads/head.ts';
import { INPUT, type Network } from '../../src/network/layers.ts';

/** Channels at strides 4, 8, 16 and 32 of YOLOX-Nano, and the bottlenecks of its stages. */
export const STAGES = [
  { out: 32, bottlenecks: 1 },
  { out: 64, bottlenecks: 3 },
  { out: 128, bottlenecks: 3 },
  { out: 256, bottlenecks: 1 },
] as const;
/** Channels at stride 2. */
const STEM = 16;
/** Spatial pyramid pooling, with the same name as in `micro-yolox`. */
const PYRAMID = 'backbone.14';

/**
 * Layers of a stage. Those that `micro-yolox` also has share its names.
 * @property down halves the sides
 * @property end reads both halves of the cross-stage partial block
 * @property name of everything between them in YOLOX-Nano
 * @property both in `micro-yolox`, gives both halves of that block
 * @property blocks in `micro-yolox`, the MBConv in a row
 */
export const stagePlaces = (index: number) => {
  // The last stage has the pyramid before them.
  const row = index === STAGES.length - 1 ? 15 : 4 * index + 2;
  return {
    down: `backbone.${4 * index + 1}.0`,
    name: `backbone.stage${index}`,
    both: `backbone.${row}.0`,
    blocks: `backbone.${row + 1}`,
    end: `backbone.${row + 2}.0`,
  };
};

/** Convolutions at the end of a branch, which one convolution here combines, so they have no separate layers. */
export const [CLASSES, BOX, OBJECT] = ['classes', 'box', 'objectness'] as const;

/**
 * YOLOX-Nano in this library's layers, https://arxiv.org/abs/2107.08430. Its focus and the convolution after it are
 * one convolution of 6×6.
 * @returns also the names of its convolutions, in the order of the published file
 */
export function yoloxNano(size: number): {
  readonly network: Network;
  readonly published: readonly string[];
} {
  const builder = new NetworkBuilder([3, size, size]);
  const published: string[] = [];
  const activation = 'silu' as const;
  const pointwise = (name: string, input: string, outChannels: number) => {
    published.push(`${name}.conv`);
    return convBlock(builder, name, input, { outChannels, kernel: 1, activation });
  };
  const separable = (name: string, input: string, outChannels: number, stride = 1) => {
    published.push(`${name}.depthwise.conv`, `${name}.pointwise.conv`);
    return dsconv(builder, name, input, { outChannels, kernel: 3, stride, activation });
  };
  published.push('backbone.0.0.conv');
  const stem = builder.conv('backbone.0.0.conv', INPUT, {
    ...{ outChannels: STEM, kernel: 6, stride: 2, padding: [2, 2, 2, 2] },
  });
  let last = builder.activation('backbone.0.0.act', builder.batchNorm('backbone.0.0.norm', stem), activation);
  const taps = STAGES.map(({ out, bottlenecks }, index) => {
    const { name, down, end } = stagePlaces(index);
    const isLast = index === STAGES.length - 1;
    last = separable(down, last, out, 2);
    if (isLast) {
      published.push(...SPATIAL_PYRAMID_CONVOLUTIONS.map((part) => `${PYRAMID}.${part}.conv`));
      last = spatialPyramid(builder, PYRAMID, last, { outChannels: out, activation });
    }
    const hidden = out / 2;
    let main = pointwise(`${name}.main`, last, hidden);
    const beside = pointwise(`${name}.beside`, last, hidden);
    for (let i = 0; i < bottlenecks; i++) {
      const spatial = separable(
        `${name}.bottleneck${i}.spatial`,
        pointwise(`${name}.bottleneck${i}.reduce`, main, hidden),
        hidden,
      );
      main = isLast ? spatial : builder.sum(`${name}.bottleneck${i}.sum`, [spatial, main]);
    }
    last = pointwise(end, builder.concat(`${name}.both`, [main, beside]), out);
    return { name: last, channels: out, stride: 4 * 2 ** index };
  });
  appendHead(builder, { taps, last }, { head: 'yolox' }, { activation });
  const blocks = (name: string) => [
    `${name}.main.conv`,
    `${name}.beside.conv`,
    `${name}.bottleneck.reduce.conv`,
    `${name}.bottleneck.spatial.depthwise.conv`,
    `${name}.bottleneck.spatial.pointwise.conv`,
    `${name}.out.conv`,
  ];
  const pair = (name: string) => [`${name}.depthwise.conv`, `${name}.pointwise.conv`];
  published.push(
    'head.deep.lateral.conv',
    ...blocks('head.middle.topDown'),
    'head.middle.reduce.conv',
    ...blocks('head.shallow.topDown'),
    ...pair('head.middle.downsample'),
    ...blocks('head.middle.bottomUp'),
    ...pair('head.deep.downsample'),
    ...blocks('head.deep.bottomUp'),
  );
  for (const scale of ['shallow', 'middle', 'deep']) {
    const branch = (name: string) => [0, 1].flatMap((index) => pair(`head.${scale}.${name}.${index}`));
    published.push(`head.${scale}.stem.conv`, ...branch('class'), CLASSES, ...branch('box'), BOX, OBJECT);
  }
  return { network: builder.build('yolox-nano'), published };
}
