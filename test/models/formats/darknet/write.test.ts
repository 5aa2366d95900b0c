import { describe, expect, it, test } from 'vitest';
import { parseDarknetConfig } from '../../../../src/models/formats/darknet/config.ts';
import { readDarknetNetwork } from '../../../../src/models/formats/darknet/network.ts';
import { HEADER_KEY } from '../../../../src/models/formats/darknet/read.ts';
import { readDarknetWeights } from '../../../../src/models/formats/darknet/weights.ts';
import { writeDarknet } from '../../../../src/models/formats/darknet/write.ts';
import { DEFAULT_RECIPE, type Model } from '../../../../src/models/model.ts';
import { squeezeExcite } from '../../../../src/network/blocks/squeeze-excite.ts';
import { type Activation, NetworkBuilder } from '../../../../src/network/builder.ts';
import { outputLayers } from '../../../../src/network/layers.ts';
import { buildNetwork } from '../../../../src/network/registry.ts';
import { randomWeights } from '../../../network/random-weights.ts';
import { tinyModel } from '../../tiny-model.ts';
import { fixtureBytes, fixtureModel, fixtureText, largestDifference, noise, runNetwork } from './goldens.ts';

/** Darknet's own recipe: R, G, B from 0 to 1, stretched. */
const RECIPE = { ...DEFAULT_RECIPE, resize: 'stretch', resampling: 'bilinear' } as const;

function modelOf(build: (builder: NetworkBuilder) => string, seed = 3): Model {
  const builder = new NetworkBuilder([3, 16, 16]);
  const last = build(builder);
  const anchors = [
    [3, 4],
    [8, 6],
  ] as const;
  const logits = builder.conv('logits', last, { outChannels: 14, kernel: 1, bias: true });
  builder.yolo('head', logits, { anchors, classes: 2, scaleXY: 1.05 });
  const network = builder.build('made');
  const weights = randomWeights(network, seed);
  return { network, weights, classes: ['a', 'b'], recipe: RECIPE, provenance: {} };
}

/** Reads what was written. */
function reread(model: Model) {
  const written = writeDarknet(model);
  const darknet = readDarknetNetwork(written.cfg, 'made.cfg');
  return {
    ...written,
    network: darknet.network,
    tensors: readDarknetWeights(written.weights, darknet, 'made'),
  };
}

/** Largest difference between a model's outputs and those of its export when read back. */
async function differenceOf(model: Model): Promise<number> {
  const { network, tensors } = reread(model);
  const input = noise(9, 3 * network.input[1] * network.input[2]);
  const ours = [...(await runNetwork(model.network, model.weights, input)).values()];
  const theirs = [...(await runNetwork(network, tensors, input)).values()];
  return Math.max(...ours.map(({ data }, place) => largestDifference(theirs[place]!.data, data)));
}

const conv = (builder: NetworkBuilder, name: string, input: string, outChannels = 8) =>
  builder.conv(name, input, { outChannels, kernel: 3 });

describe('a model that came from Darknet', () => {
  it.each(['pools', 'routes', 'region', 'squeeze-excite', 'shortcuts', 'convolutions', 'classifier'])(
    '%s.cfg is written byte for byte as it was read, with training keys and header',
    (name) => {
      const [cfg, bytes] = [fixtureText(`${name}.cfg`), fixtureBytes(`${name}.weights`)];
      const header = Buffer.from(bytes.subarray(0, name === 'convolutions' ? 16 : 20)).toString('hex');
      const { network, weights } = fixtureModel(name);
      const classes = Array.from({ length: outputLayers(network)[0]!.classes }, (_, index) => `c${index}`);
      const provenance = { format: 'darknet', cfg, [HEADER_KEY]: header };
      const written = writeDarknet({ network, weights, classes, recipe: RECIPE, provenance });
      expect(written.cfg).toBe(cfg);
      expect(Buffer.from(written.weights).equals(bytes)).toBe(true);
      expect(written.names).toBe(`${classes.join('\n')}\n`);
    },
  );

  it('at another size, only width and height differ', () => {
    const { network, weights } = fixtureModel('routes');
    const cfg = `${fixtureText('routes.cfg')}\n# width=1 is no key\n`;
    const sized = { ...network, input: [network.input[0], 96, 128] as const };
    const classes = ['a', 'b', 'c', 'd', 'e'].slice(0, outputLayers(network)[0]!.classes);
    const written = writeDarknet({ network: sized, weights, classes, recipe: RECIPE, provenance: { cfg } });
    const changed = written.cfg.split('\n').filter((line, place) => line !== cfg.split('\n')[place]);
    expect(changed.map((line) => line.replace(/\s/g, '')).sort()).toEqual(['height=96', 'width=128']);
  });

  it('gives the same weights without its .cfg, from the layers alone', () => {
    const { network, weights } = fixtureModel('squeeze-excite');
    const classes = Array.from({ length: outputLayers(network)[0]!.classes }, (_, index) => `c${index}`);
    const written = writeDarknet({ network, weights, classes, recipe: RECIPE, provenance: {} });
    const bytes = fixtureBytes('squeeze-excite.weights');
    expect(Buffer.from(written.weights.subarray(20)).equals(Buffer.from(bytes.subarray(20)))).toBe(true);
  });
});

describe('a network written and read back computes the same:', () => {
  const ACTIVATIONS: readonly Activation[] = [
    ...(['relu', 'relu6', 'silu', 'mish', 'sigmoid', 'tanh', 'hardTanh', 'elu', 'selu', 'gelu'] as const),
    'hardSigmoid',
    { function: 'leakyRelu', slope: 0.1 },
    { function: 'leakyRelu', slope: 0.01 },
  ];

  it.each(ACTIVATIONS)('%j after a norm with our epsilon', async (activation) => {
    const model = modelOf((builder) => {
      const norm = builder.batchNorm('norm', conv(builder, 'conv', 'input'), { epsilon: 1e-3 });
      return builder.activation('act', norm, activation);
    });
    expect(await differenceOf(model)).toBeLessThan(1e-5);
  });

  it('a norm after a convolution with a bias', async () => {
    const model = modelOf((builder) =>
      builder.batchNorm('norm', builder.conv('conv', 'input', { outChannels: 8, kernel: 3, bias: true })),
    );
    expect(await differenceOf(model)).toBeLessThan(1e-5);
  });

  it('norms and activations that do not follow a convolution', async () => {
    const model = modelOf((builder) => {
      const both = builder.concat('both', [conv(builder, 'a', 'input'), conv(builder, 'b', 'a')]);
      return builder.activation('act', builder.batchNorm('norm', both), 'relu');
    });
    expect(await differenceOf(model)).toBeLessThan(1e-5);
  });

  it.each(['sigmoid', 'hardSigmoid'] as const)('squeeze and excitation with a %s gate', async (gate) => {
    const model = modelOf((builder) =>
      squeezeExcite(builder, 'se', builder.activation('act', conv(builder, 'a', 'input'), 'relu6'), 4, {
        gate,
      }),
    );
    expect(await differenceOf(model)).toBeLessThan(1e-5);
  });

  it.each([
    ['of its own shape', 8],
    ['of one channel', 1],
  ])('a map times a gate %s', async (_, channels) => {
    const model = modelOf((builder) => {
      const map = conv(builder, 'map', 'input');
      const gate = builder.activation('gate', conv(builder, 'b', 'input', channels), 'sigmoid');
      return builder.multiply('product', map, gate);
    });
    expect(await differenceOf(model)).toBeLessThan(1e-5);
  });

  it('grouped convolutions, equal slices, sums, pools and upsampling', async () => {
    const model = modelOf((builder) => {
      const wide = builder.conv('wide', 'input', { outChannels: 8, kernel: 5, stride: 2 });
      const grouped = builder.conv('grouped', wide, { outChannels: 8, kernel: 3, groups: 4 });
      const sum = builder.activation('act', builder.sum('sum', [grouped, wide]), 'relu');
      const half = builder.slice('half', sum, 4, 8);
      const pooled = builder.maxPool('pool', half, { kernel: 2, stride: 1, padding: [0, 0, 1, 1] });
      const small = builder.avgPool('small', pooled, { kernel: 3, stride: 2, padding: [1, 1, 1, 1] });
      return builder.concat('all', [builder.upsample('up', small, 2), half]);
    });
    expect(await differenceOf(model)).toBeLessThan(1e-5);
  });

  it.each(['micro-yolo', 'mobilenet-v2:0.35/yolo-tiny'])('%s of the registry', async (name) => {
    const network = buildNetwork(name, { size: 64, classes: 3 });
    const weights = randomWeights(network, 4);
    const model = { network, weights, classes: ['a', 'b', 'c'], recipe: RECIPE, provenance: {} };
    expect(await differenceOf(model)).toBeLessThan(1e-4);
  });
});

test('writes the preprocessing of the image as a first convolution', async () => {
  const recipe = { ...RECIPE, colorOrder: 'bgr', mean: [10, 20, 30], std: [50, 60, 70] } as const;
  const plain = modelOf((builder) => conv(builder, 'a', 'input'));
  const { network, tensors } = reread({ ...plain, recipe });
  const area = 256;
  const rgb = noise(2, 3 * area).map((value) => (value + 1) / 2);
  const seen = rgb.map((_, at) => {
    const channel = Math.floor(at / area);
    const value = 255 * rgb[(2 - channel) * area + (at % area)]!;
    return (value - recipe.mean[channel]!) / recipe.std[channel]!;
  });
  const [ours] = (await runNetwork(plain.network, plain.weights, seen)).values();
  const [theirs] = (await runNetwork(network, tensors, rgb)).values();
  expect(largestDifference(theirs!.data, ours!.data)).toBeLessThan(1e-5);
});

test('every yolo section lists all anchors, smallest first, and masks its own', () => {
  const builder = new NetworkBuilder([3, 16, 16]);
  const outputs = [
    [
      'large',
      [
        [9, 9],
        [6, 6],
      ],
    ],
    [
      'small',
      [
        [2, 2],
        [6, 6],
      ],
    ],
  ] as const;
  for (const [name, anchors] of outputs) {
    const logits = builder.conv(`${name}.logits`, 'input', { outChannels: 12, kernel: 1, bias: true });
    builder.yolo(name, logits, { anchors, classes: 1 });
  }
  const network = builder.build('made');
  const weights = randomWeights(network, 1);
  const { cfg } = writeDarknet({ network, weights, classes: ['a'], recipe: RECIPE, provenance: {} });
  const heads = parseDarknetConfig(cfg, 'a.cfg').filter(({ type }) => type === 'yolo');
  expect(heads.map(({ entries }) => [entries.get('anchors'), entries.get('mask')])).toEqual([
    ['2,2,6,6,9,9', '2,1'],
    ['2,2,6,6,9,9', '0,1'],
  ]);
});

test('says how Darknet preprocesses images differently', () => {
  expect(writeDarknet(tinyModel()).notes).toEqual([
    "the model's letterbox border is 114, but Darknet's is 128",
    "the model's resampling is area, but Darknet's is bilinear",
  ]);
});

describe('refuses by name what Darknet lacks:', () => {
  it.each([
    [
      'a hard swish',
      (b: NetworkBuilder) => b.activation('act', conv(b, 'a', 'input'), 'hardSwish'),
      'layer act (activation): Darknet has no hardSwish',
    ],
    [
      'a leaky slope',
      (b: NetworkBuilder) =>
        b.activation('act', conv(b, 'a', 'input'), { function: 'leakyRelu', slope: 0.2 }),
      'layer act (activation): Darknet has no leakyRelu of slope 0.2',
    ],
    [
      'a shuffle',
      (b: NetworkBuilder) => b.shuffle('mix', conv(b, 'a', 'input'), 2),
      'layer mix (shuffle): Darknet has no channel shuffle',
    ],
    [
      'uneven padding',
      (b: NetworkBuilder) =>
        b.conv('a', 'input', { outChannels: 8, kernel: 3, stride: 2, padding: [0, 0, 1, 1] }),
      'layer a (conv): padding 0, 0, 1, 1, but Darknet pads all sides equally',
    ],
    [
      'uneven slices',
      (b: NetworkBuilder) => b.slice('part', conv(b, 'a', 'input'), 2, 5),
      "layer part (slice): channels 2 to 5 of 8, but Darknet's route takes one of several equal groups",
    ],
  ])('%s', (_, build, message) => {
    expect(() => writeDarknet(modelOf(build))).toThrow(`${message}; export with \`format: "onnx"\``);
  });

  it('a class name that does not fit on a line', () => {
    expect(() => writeDarknet({ ...tinyModel(), classes: ['a\nb', 'c'] })).toThrow(
      'class "a\\nb": cannot be written as a line of a .names file; export with `format: "onnx"`',
    );
  });
});
