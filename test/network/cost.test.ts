import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { networkCost } from '../../src/network/cost.ts';
import type { ConvLayer } from '../../src/network/layers.ts';
import { buildDetector, detectorNames } from '../../src/network/registry.ts';
import { inferShapes } from '../../src/network/shapes.ts';

describe('yolov3-tiny for 80 classes at 416', () => {
  const cost = networkCost(buildDetector('yolov3-tiny'));

  // Weights as Darknet stores them, 8,858,734 × 4 bytes; the running statistics make the difference between the two counts.
  test('has 8,852,366 trainable parameters', () => {
    expect(cost.parameters.trainable).toBe(8_852_366);
  });

  test('has 8,858,734 parameters with running statistics', () => {
    expect(cost.parameters.total).toBe(8_858_734);
  });

  test('takes 2,782,480,896 multiply-accumulates', () => {
    expect(cost.macs).toBe(2_782_480_896);
    expect(cost.flops).toBe(5_564_961_792);
  });

  // https://github.com/pjreddie/darknet/blob/master/cfg/yolov3-tiny.cfg, by its section numbers.
  test.each([
    [0, 'backbone.0.0', 432, '74.76', [16, 416, 416]],
    [2, 'backbone.2.0', 4_608, '199.36', [32, 208, 208]],
    [4, 'backbone.4.0', 18_432, '199.36', [64, 104, 104]],
    [6, 'backbone.6.0', 73_728, '199.36', [128, 52, 52]],
    [8, 'backbone.8.0', 294_912, '199.36', [256, 26, 26]],
    [10, 'backbone.10.0', 1_179_648, '199.36', [512, 13, 13]],
    [12, 'backbone.12.0', 4_718_592, '797.44', [1024, 13, 13]],
    [13, 'head.neck', 262_144, '44.30', [256, 13, 13]],
    [14, 'head.deep.spatial', 1_179_648, '199.36', [512, 13, 13]],
    [15, 'head.deep.logits', 130_815, '22.06', [255, 13, 13]],
    [18, 'head.lateral', 32_768, '5.54', [128, 13, 13]],
    [21, 'head.shallow.spatial', 884_736, '598.08', [256, 26, 26]],
    [22, 'head.shallow.logits', 65_535, '44.13', [255, 26, 26]],
  ] as const)(
    'has layer %i, %s, with %i weights and %s million multiply-accumulates',
    (_, name, weights, millions, shape) => {
      const { parameters, macs, ...found } = cost.layers.find(({ layer }) =>
        [name, `${name}.conv`].includes(layer.name),
      )!;
      expect(parameters).toEqual({ trainable: weights, total: weights });
      expect((macs / 1e6).toFixed(2)).toBe(millions);
      expect(found.shape).toEqual(shape);
    },
  );

  test('has no other convolutions', () => {
    expect(cost.layers.filter(({ macs }) => macs > 0)).toHaveLength(13);
  });

  test('pools to 13 pixels and keeps that size', () => {
    const pools = cost.layers.filter(({ layer }) => layer.type === 'maxPool');
    expect(pools.map(({ shape }) => shape[1])).toEqual([208, 104, 52, 26, 13, 13]);
  });

  test('joins 384 channels for the shallow head', () => {
    expect(cost.layers.find(({ layer }) => layer.type === 'concat')!.shape).toEqual([384, 26, 26]);
  });
});

describe('micro-yolo for 80 classes at 416', () => {
  const network = buildDetector('micro-yolo');
  const shapes = inferShapes(network);
  const cost = networkCost(network);
  const convs = network.layers.filter((layer): layer is ConvLayer => layer.type === 'conv');
  const channels = (conv: ConvLayer) => shapes.get(conv.inputs[0]!)![0];
  const depthwise = convs.filter((conv) => conv.groups > 1 && conv.groups === channels(conv));

  test('has at least 3.46 times fewer parameters than yolov3-tiny, and not far fewer', () => {
    expect(cost.parameters.trainable).toBeLessThanOrEqual(2_558_487);
    expect(cost.parameters.trainable).toBeGreaterThanOrEqual(2_300_000);
  });

  test('takes at least 2.55 times fewer multiply-accumulates, and not far fewer', () => {
    expect(cost.macs).toBeLessThanOrEqual(1_091_100_000);
    expect(cost.macs).toBeGreaterThanOrEqual(950_000_000);
  });

  test('costs what its comment says', () => {
    expect(cost.parameters.trainable).toBe(2_452_798);
    expect(cost.macs).toBe(976_985_184);
  });

  test('has depthwise convolutions as its only spatial ones', () => {
    expect(depthwise.length).toBeGreaterThan(0);
    expect(depthwise.every(({ kernel }) => Number(kernel) > 1)).toBe(true);
  });

  test('expands some maps threefold before their depthwise convolution', () => {
    const expansions = convs.filter((conv) => conv.kernel === 1 && conv.outChannels === 3 * channels(conv));
    const blocks = expansions.map(({ name }) => name.replace(/\.expand\.conv$/, '.depthwise.conv'));
    expect(blocks).not.toEqual([]);
    expect(depthwise.map(({ name }) => name)).toEqual(expect.arrayContaining(blocks));
  });

  test('has at least two kernel sizes above 1', () => {
    expect(
      new Set(convs.map(({ kernel }) => Number(kernel)).filter((kernel) => kernel > 1)).size,
    ).toBeGreaterThan(1);
  });
});

describe.each(detectorNames)('the cost of %s', (name) => {
  const cost = networkCost(buildDetector(name, { size: 96, classes: 4 }));

  test('is the sum of its layers', () => {
    const sum = (of: (layer: (typeof cost.layers)[number]) => number) =>
      cost.layers.reduce((total, layer) => total + of(layer), 0);
    expect(cost).toMatchObject({
      parameters: {
        trainable: sum(({ parameters }) => parameters.trainable),
        total: sum(({ parameters }) => parameters.total),
      },
      macs: sum(({ macs }) => macs),
      flops: 2 * sum(({ macs }) => macs),
      memoryAccess: sum(({ memoryAccess }) => memoryAccess),
    });
  });

  test('grows fourfold with the side in multiply-accumulates, except for squeeze and excitation', () => {
    const doubled = networkCost(buildDetector(name, { size: 192, classes: 4 }));
    const onePixel = cost.layers
      .filter(({ shape }) => shape[1] === 1)
      .reduce((sum, { macs }) => sum + macs, 0);
    expect(doubled.macs - onePixel).toBe(4 * (cost.macs - onePixel));
  });

  test('has parameters that do not depend on the size', () => {
    expect(networkCost(buildDetector(name, { size: 192, classes: 4 })).parameters).toEqual(cost.parameters);
  });
});

describe('networkCost', () => {
  test('counts a dense layer with its bias', () => {
    const builder = new NetworkBuilder([4, 2, 3]);
    builder.add({ type: 'dense', name: 'd', inputs: ['input'], outFeatures: 10, bias: true });
    expect(networkCost(builder.build('n'))).toMatchObject({
      parameters: { trainable: 250, total: 250 },
      macs: 240,
      memoryAccess: 24 + 10 + 250,
    });
  });

  test('counts nothing for dropout, which is only active in training', () => {
    const builder = new NetworkBuilder([4, 2, 3]);
    builder.add({ type: 'dropout', name: 'd', inputs: ['input'], rate: 0.5 });
    expect(networkCost(builder.build('n')).memoryAccess).toBe(0);
  });

  test('counts running statistics of a norm as not trainable', () => {
    const builder = new NetworkBuilder([4, 2, 3]);
    builder.batchNorm('n', 'input');
    expect(networkCost(builder.build('n'))).toMatchObject({
      parameters: { trainable: 8, total: 16 },
      macs: 0,
    });
  });

  // hw(c1 + c2) + c1·c2, https://arxiv.org/abs/1807.11164
  test.each([
    [5, 7, 16, 32],
    [28, 28, 128, 128],
    [1, 1, 3, 9],
  ])(
    "counts a pointwise convolution's memory access like ShuffleNetV2: %i×%i, %i to %i channels",
    (h, w, c1, c2) => {
      const builder = new NetworkBuilder([c1, h, w]);
      builder.conv('c', 'input', { outChannels: c2, kernel: 1 });
      expect(networkCost(builder.build('n')).memoryAccess).toBe(h * w * (c1 + c2) + c1 * c2);
    },
  );

  test('frees a map after its last use', () => {
    const builder = new NetworkBuilder([1, 2, 2]);
    const wide = builder.conv('wide', 'input', { outChannels: 8, kernel: 1 });
    const narrow = builder.conv('narrow', wide, { outChannels: 2, kernel: 1 });
    builder.conv('last', narrow, { outChannels: 4, kernel: 1 });
    // At most wide (32) and narrow (8) are alive at once; the input (4) is already freed.
    expect(networkCost(builder.build('n')).activationMemory).toBe(40);
  });

  test('keeps a map that a later layer reads', () => {
    const builder = new NetworkBuilder([1, 2, 2]);
    const wide = builder.conv('wide', 'input', { outChannels: 8, kernel: 1 });
    const narrow = builder.conv('narrow', wide, { outChannels: 2, kernel: 1 });
    const more = builder.conv('more', narrow, { outChannels: 4, kernel: 1 });
    builder.concat('join', [wide, more]);
    // wide (32), more (16) and their join (48).
    expect(networkCost(builder.build('n')).activationMemory).toBe(96);
  });
});
