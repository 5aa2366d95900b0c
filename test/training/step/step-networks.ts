import { convBlock } from '../../../src/network/blocks/conv-block.ts';
import { dsconv } from '../../../src/network/blocks/dsconv.ts';
import { mbconv } from '../../../src/network/blocks/mbconv.ts';
import { type Activation, NetworkBuilder } from '../../../src/network/builder.ts';
import { classifierHead } from '../../../src/network/heads/classifier.ts';
import type { Anchor, Network } from '../../../src/network/layers.ts';

export const CLASSES = 3;

/** Sides that float32 represents exactly, near those of the true boxes. */
const ANCHORS = [
  [10, 14],
  [24, 18],
] as const satisfies readonly Anchor[];

const LEAKY = { function: 'leakyRelu', slope: 0.1 } as const;

/** A detector with one head on top of the layers that `body` appends. It returns the name of the last one. */
function detector(
  name: string,
  [height, width]: readonly [height: number, width: number],
  body: (builder: NetworkBuilder) => string,
  { scaleXY = 1 } = {},
): Network {
  const builder = new NetworkBuilder([3, height, width]);
  const outChannels = ANCHORS.length * (5 + CLASSES);
  const logits = builder.conv('logits', body(builder), { outChannels, kernel: 1, bias: true });
  builder.yolo('head', logits, { anchors: ANCHORS, classes: CLASSES, scaleXY });
  return builder.build(name);
}

const block = (
  builder: NetworkBuilder,
  name: string,
  input: string,
  outChannels: number,
  options: { kernel?: number; stride?: number; groups?: number; activation?: Activation | undefined } = {},
) => convBlock(builder, name, input, { outChannels, kernel: 3, activation: 'relu', ...options });

const halved = { kernel: 2, stride: 2 } as const;

/** A depthwise convolution with its norm; without an activation by default. */
const depthwise = (
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: { kernel?: number; stride?: number; activation?: Activation } = {},
) => {
  const groups = builder.channels(input);
  return block(builder, name, input, groups, { activation: undefined, ...options, groups });
};

/** Three layers at 32 × 32 and two heads, of which the fine one reads both scales. */
export function tinyTwoHeads(scaleXY = 1): Network {
  const builder = new NetworkBuilder([3, 32, 32]);
  const stem = block(builder, 'stem', 'input', 12, { stride: 2, activation: LEAKY });
  const fine = block(builder, 'fine', stem, 20, { stride: 2, activation: LEAKY });
  const coarse = block(builder, 'coarse', fine, 36, { stride: 2, activation: LEAKY });
  const joined = builder.concat('join', [builder.upsample('up', coarse, 2), fine]);
  const outputs = [
    ['coarse', coarse, [[18, 16]]],
    ['fine', joined, ANCHORS],
  ] as const;
  for (const [scale, input, anchors] of outputs) {
    const outChannels = anchors.length * (5 + CLASSES);
    const logits = builder.conv(`${scale}.logits`, input, { outChannels, kernel: 1, bias: true });
    builder.yolo(`${scale}.yolo`, logits, { anchors, classes: CLASSES, scaleXY });
  }
  return builder.build('tiny');
}

/** Three layers at 32 × 32, pooled, with dropout before the logits. */
export function tinyClassifier(): Network {
  const builder = new NetworkBuilder([3, 32, 32]);
  const stem = block(builder, 'stem', 'input', 12, { stride: 2, activation: LEAKY });
  const second = block(builder, 'second', stem, 20, { stride: 2, activation: 'hardSwish' });
  const third = block(builder, 'third', second, 36, { stride: 2, activation: LEAKY });
  classifierHead(builder, third, { activation: 'relu', dropout: 0.25, classes: CLASSES, softmax: true });
  return builder.build('tiny-classifier');
}

/** A ShuffleNet unit of stride 1, https://arxiv.org/abs/1807.11164: half of the channels are passed through. */
function shuffleUnit(builder: NetworkBuilder, name: string, input: string): string {
  const half = builder.channels(input) / 2;
  const slice = (part: string, start: number) =>
    builder.add({ type: 'slice', name: `${name}.${part}`, inputs: [input], start, end: start + half });
  const kept = slice('kept', 0);
  const first = block(builder, `${name}.first`, slice('changed', half), half, { kernel: 1 });
  const spatial = depthwise(builder, `${name}.spatial`, first);
  const last = block(builder, `${name}.last`, spatial, half, { kernel: 1 });
  const joined = builder.concat(`${name}.join`, [kept, last]);
  return builder.add({ type: 'shuffle', name: `${name}.shuffle`, inputs: [joined], groups: 2 });
}

/** A unit of stride 2: both halves are computed from the whole input. */
function shuffleDown(builder: NetworkBuilder, name: string, input: string, half: number): string {
  const left = depthwise(builder, `${name}.left.spatial`, input, { stride: 2 });
  const right = block(builder, `${name}.right.first`, input, half, { kernel: 1 });
  const halves = [
    block(builder, `${name}.left.last`, left, half, { kernel: 1 }),
    block(
      builder,
      `${name}.right.last`,
      depthwise(builder, `${name}.right.spatial`, right, { stride: 2 }),
      half,
      {
        kernel: 1,
      },
    ),
  ];
  const joined = builder.concat(`${name}.join`, halves);
  return builder.add({ type: 'shuffle', name: `${name}.shuffle`, inputs: [joined], groups: 2 });
}

/** https://arxiv.org/abs/1911.11907: half of the channels by a pointwise convolution, the other half from these. */
function ghost(
  builder: NetworkBuilder,
  name: string,
  input: string,
  half: number,
  activation?: Activation,
): string {
  const primary = block(builder, `${name}.primary`, input, half, { kernel: 1, activation });
  const cheap = depthwise(builder, `${name}.cheap`, primary, activation ? { activation } : {});
  return builder.concat(`${name}.join`, [primary, cheap]);
}

/** https://arxiv.org/abs/1801.04381, with a residual. */
function invertedResidual(builder: NetworkBuilder, name: string, input: string): string {
  const channels = builder.channels(input);
  const wide = block(builder, `${name}.expand`, input, 3 * channels, { kernel: 1, activation: 'relu6' });
  const spatial = depthwise(builder, `${name}.spatial`, wide, { activation: 'relu6' });
  const narrow = block(builder, `${name}.reduce`, spatial, channels, { kernel: 1, activation: undefined });
  return builder.add({ type: 'add', name: `${name}.sum`, inputs: [input, narrow] });
}

/** Small detectors, one per family of blocks; channels are not multiples of 8 unless a block requires it. */
export const families = {
  'plain convolutions and max pools': () =>
    detector('plain', [48, 64], (builder) => {
      const pool = (name: string, input: string) => builder.maxPool(name, input, halved);
      const first = pool('pool1', block(builder, 'conv1', 'input', 12, { activation: LEAKY }));
      const second = pool('pool2', block(builder, 'conv2', first, 20, { activation: LEAKY }));
      const third = pool('pool3', block(builder, 'conv3', second, 36, { activation: LEAKY }));
      const fourth = block(builder, 'conv4', third, 40, { activation: LEAKY });
      const still = builder.maxPool('pool4', fourth, { kernel: 2, stride: 1, padding: [0, 0, 1, 1] });
      const wide = builder.maxPool('pool5', still, { kernel: 5, stride: 1, padding: [2, 2, 2, 2] });
      return block(builder, 'conv5', builder.concat('join', [still, wide]), 24, {
        kernel: 1,
        activation: LEAKY,
      });
    }),
  'depthwise-separable convolutions': () =>
    detector('dsconv', [64, 48], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { stride: 2 });
      const first = dsconv(builder, 'ds1', stem, {
        outChannels: 20,
        kernel: 3,
        stride: 2,
        activation: 'relu',
      });
      const second = dsconv(builder, 'ds2', first, {
        outChannels: 36,
        kernel: 5,
        stride: 2,
        activation: 'relu',
      });
      return dsconv(builder, 'ds3', second, { outChannels: 36, kernel: 3, activation: 'relu' });
    }),
  'inverted bottlenecks with squeeze and excitation': () =>
    detector('mbconv', [48, 64], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { stride: 2, activation: 'hardSwish' });
      const common = { activation: 'hardSwish', stride: 2 } as const;
      const first = mbconv(builder, 'mb1', stem, {
        ...common,
        outChannels: 20,
        kernel: 3,
        expansion: 3,
        squeeze: { ratio: 4, of: 'expanded' },
      });
      return mbconv(builder, 'mb2', first, {
        ...common,
        outChannels: 36,
        kernel: 5,
        expansion: 2,
        squeeze: { ratio: 4, of: 'input' },
      });
    }),
  'ShuffleNet units': () =>
    detector('shuffle', [64, 64], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { stride: 2 });
      const first = shuffleUnit(builder, 'unit1', shuffleDown(builder, 'down1', stem, 10));
      return shuffleUnit(builder, 'unit2', shuffleDown(builder, 'down2', first, 18));
    }),
  'Ghost modules': () =>
    detector('ghost', [64, 48], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { stride: 2 });
      const down = block(builder, 'down', ghost(builder, 'ghost1', stem, 10, 'relu'), 20, { stride: 2 });
      const inner = ghost(builder, 'ghost3', ghost(builder, 'ghost2', down, 18, 'relu'), 10);
      const sum = builder.add({ type: 'add', name: 'sum', inputs: [down, inner] });
      return block(builder, 'last', sum, 36, { stride: 2 });
    }),
  'inverted residuals': () =>
    detector('residual', [48, 48], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { stride: 2, activation: 'relu6' });
      const first = invertedResidual(builder, 'block1', stem);
      const down = block(builder, 'down', first, 20, { stride: 2, activation: 'relu6' });
      const second = invertedResidual(builder, 'block3', invertedResidual(builder, 'block2', down));
      return block(builder, 'last', second, 36, { stride: 2, activation: 'relu6' });
    }),
  'SiLU and Mish': () =>
    detector('smooth', [64, 48], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { stride: 2, activation: 'silu' });
      const second = block(builder, 'second', stem, 20, { stride: 2, activation: 'mish' });
      return block(builder, 'third', second, 36, { stride: 2, activation: 'silu' });
    }),
  'large kernels of stride 2 on maps of odd sides': () =>
    detector('large', [56, 72], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { kernel: 7, stride: 2, activation: LEAKY });
      const second = block(builder, 'second', stem, 20, { kernel: 5, stride: 2, activation: LEAKY });
      const spatial = depthwise(builder, 'third.spatial', second, { kernel: 7, stride: 2 });
      const third = block(builder, 'third.mix', spatial, 36, { kernel: 1, activation: LEAKY });
      return block(builder, 'fourth', third, 20, { kernel: 5, activation: LEAKY });
    }),
  'average pools and grouped convolutions': () =>
    detector('groups', [52, 60], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { activation: LEAKY });
      const avgPool = (name: string, input: string, kernel: number, padding: number) =>
        builder.add({
          type: 'avgPool',
          name,
          inputs: [input],
          kernel,
          stride: 2,
          padding: [padding, padding, padding, padding],
        });
      const first = avgPool('pool1', stem, 2, 0);
      const second = block(builder, 'second', first, 20, { groups: 4, activation: LEAKY });
      const third = block(builder, 'third', avgPool('pool2', second, 3, 1), 36, {
        groups: 2,
        activation: LEAKY,
      });
      return block(builder, 'fourth', avgPool('pool3', third, 3, 1), 36, { groups: 4, stride: 1 });
    }),
  'uneven padding, biases and unusual norms': () =>
    detector('uneven', [60, 52], (builder) => {
      const conv = (name: string, input: string, outChannels: number, options: object) =>
        builder.conv(name, input, { outChannels, kernel: 3, bias: true, ...options });
      const first = conv('conv1', 'input', 12, { stride: 2, padding: [0, 1, 1, 0] });
      const norm1 = builder.batchNorm('norm1', first, { epsilon: 1e-2, momentum: 0.3 });
      const second = conv('conv2', builder.activation('act1', norm1, 'elu'), 20, {
        stride: 2,
        padding: [1, 0, 2, 1],
      });
      const norm2 = builder.batchNorm('norm2', builder.activation('act2', second, 'tanh'), {
        epsilon: 1e-3,
        momentum: 0.03,
      });
      const third = conv('conv3', builder.activation('act3', norm2, 'gelu'), 20, {
        stride: 2,
        padding: [0, 0, 1, 1],
        groups: 2,
      });
      const sum = builder.add({ type: 'add', name: 'sum', inputs: [third, third] });
      const fourth = conv('conv4', builder.activation('act4', sum, 'selu'), 12, { kernel: 1 });
      const gate = builder.activation('gate', conv('conv5', fourth, 1, { kernel: 1 }), 'sigmoid');
      return builder.multiply('gated', builder.activation('act5', fourth, 'hardTanh'), gate);
    }),
  'dense layers and dropout': () =>
    detector('dense', [40, 48], (builder) => {
      const stem = block(builder, 'stem', 'input', 12, { stride: 2, activation: LEAKY });
      const second = block(builder, 'second', stem, 20, { stride: 2, activation: LEAKY });
      const third = block(builder, 'third', second, 12, { stride: 2, activation: LEAKY });
      const dense = (name: string, input: string, outFeatures: number, bias: boolean) =>
        builder.add({ type: 'dense', name, inputs: [input], outFeatures, bias });
      const hidden = builder.activation('hidden', dense('dense1', third, 10, false), 'tanh');
      const gate = builder.activation('gate', dense('dense2', hidden, 12, true), 'sigmoid');
      const gated = builder.multiply('gated', third, gate);
      return builder.add({ type: 'dropout', name: 'drop', inputs: [gated], rate: 0.25 });
    }),
} as const satisfies Readonly<Record<string, () => Network>>;
