import { describe, expect, test } from 'vitest';
import { compoundScale, EFFICIENTNETS } from '../../src/network/backbones/efficientnet.ts';
import { backboneNames } from '../../src/network/backbones/families.ts';
import { namedBackbone } from '../../src/network/backbones/named.ts';
import { buildBackbone, builderFor } from '../../src/network/backbones/stages.ts';
import { networkCost } from '../../src/network/cost.ts';
import { outputLayers } from '../../src/network/layers.ts';
import { buildClassifier, buildDetector, buildNetwork } from '../../src/network/registry.ts';

const cost = (name: string, options = {}) => networkCost(buildClassifier(name, options));

describe('classifiers of 1000 classes', () => {
  // torchvision's counts for its models; for MobileNetV1, Keras's.
  test.each([
    ['mobilenet-v1', 4_231_976],
    ['mobilenet-v2', 3_504_872],
    ['mobilenet-v3-large', 5_483_032],
    ['mobilenet-v3-small', 2_542_856],
    ['mnasnet-b1', 4_383_312],
    ['shufflenet-v2:0.5', 1_366_792],
    ['shufflenet-v2:1', 2_278_604],
    ['shufflenet-v2:1.5', 3_503_624],
    ['shufflenet-v2:2', 7_393_996],
    ['efficientnet-b0', 5_288_548],
    ['efficientnet-b1', 7_794_184],
    ['efficientnet-b2', 9_109_994],
    ['efficientnet-b3', 12_233_232],
    ['efficientnet-b4', 19_341_616],
    ['efficientnet-b5', 30_389_784],
    ['efficientnet-b6', 43_040_704],
    ['efficientnet-b7', 66_347_960],
  ])('%s has %i trainable parameters', (name, parameters) => {
    expect(cost(name).parameters.trainable).toBe(parameters);
  });

  // Keras's counts; for EfficientNet, minus the seven numbers of its normalization layer.
  test.each([
    ['mobilenet-v1', 4_253_864],
    ['mobilenet-v2', 3_538_984],
    ['mobilenet-v3-large', 5_507_432],
    ['mobilenet-v3-small', 2_554_968],
    ['efficientnet-b0', 5_330_571 - 7],
  ])('%s has %i parameters with running statistics', (name, parameters) => {
    expect(cost(name).parameters.total).toBe(parameters);
  });

  test.each([
    ['mobilenet-v1', 568_740_352],
    ['mobilenet-v2', 300_774_272],
  ])('%s takes %i multiply-accumulates', (name, macs) => {
    expect(cost(name).macs).toBe(macs);
  });

  // In thousands of millions, as torchvision publishes them; B2 at the size of its weights.
  test.each([
    ['mobilenet-v3-large', 224, '0.217'],
    ['mobilenet-v3-small', 224, '0.057'],
    ['mnasnet-b1', 224, '0.314'],
    ['shufflenet-v2:0.5', 224, '0.040'],
    ['shufflenet-v2:1', 224, '0.145'],
    ['shufflenet-v2:1.5', 224, '0.296'],
    ['shufflenet-v2:2', 224, '0.583'],
    ['efficientnet-b0', 224, '0.386'],
    ['efficientnet-b1', 240, '0.687'],
    ['efficientnet-b2', 288, '1.088'],
    ['efficientnet-b3', 300, '1.827'],
    ['efficientnet-b4', 380, '4.394'],
    ['efficientnet-b5', 456, '10.266'],
    ['efficientnet-b6', 528, '19.068'],
    ['efficientnet-b7', 600, '37.746'],
  ])('%s at %i takes %s G multiply-accumulates', (name, size, macs) => {
    expect((cost(name, { size }).macs / 1e9).toFixed(3)).toBe(macs);
  });

  // Millions, as rounded in their papers and repositories.
  test.each([
    ['mnasnet-a1', '3.9', 312],
    ['shufflenet-v1:groups=3', '1.9', 137],
    ['shufflenet-v1:groups=8', '2.4', 138],
    ['ghostnet', '5.2', 141],
  ])('%s has %s M parameters and takes %i M multiply-accumulates', (name, parameters, macs) => {
    const found = cost(name);
    expect((found.parameters.trainable / 1e6).toFixed(1)).toBe(parameters);
    expect(Math.round(found.macs / 1e6)).toBe(macs);
  });

  test('EfficientNet-Lite0 has 4.7 M parameters, like B0 without its gates', () => {
    expect((cost('efficientnet-lite0').parameters.trainable / 1e6).toFixed(1)).toBe('4.7');
    const gates = networkCost(buildClassifier('efficientnet-b0')).layers.filter(({ layer }) =>
      layer.name.includes('.squeeze.'),
    );
    const sum = (of: (layer: (typeof gates)[number]) => number) =>
      gates.reduce((total, layer) => total + of(layer), 0);
    const [b0, lite] = [cost('efficientnet-b0'), cost('efficientnet-lite0')];
    expect(lite.macs).toBe(b0.macs - sum(({ macs }) => macs));
    expect(lite.parameters.total).toBe(b0.parameters.total - sum(({ parameters }) => parameters.total));
  });

  test('MobileNetV1 at half width costs about a quarter of the weights and multiply-accumulates', () => {
    // Table 6 of the paper: 149 M multiply-accumulates and 1.3 M parameters.
    const { macs, parameters } = cost('mobilenet-v1:0.5');
    expect([Math.round(macs / 1e6), (parameters.trainable / 1e6).toFixed(1)]).toEqual([149, '1.3']);
  });

  test("the depth multiplier doubles the maps of MobileNetV1's depthwise steps", () => {
    const depthwise = (name: string) =>
      networkCost(buildClassifier(name))
        .layers.filter(({ layer }) => layer.name.endsWith('.depthwise.conv'))
        .map(({ shape }) => shape[0]);
    expect(depthwise('mobilenet-v1:depthMultiplier=2')).toEqual(
      depthwise('mobilenet-v1').map((channels) => 2 * channels),
    );
  });
});

describe('MobileNetV2 for 10 classes', () => {
  // Calculated by hand from the table, with a dense 3×3 convolution and its norm in addition.
  test.each([
    ['mobilenet-v2', 2_236_682, 299_507_072],
    ['mobilenet-v2:kernel=7', 2_522_122, 391_580_032],
    ['mobilenet-v2-improved', 2_522_122 + 9 * 84_544 + 2 * 792, 499_057_024],
  ])('%s has %i parameters and takes %i multiply-accumulates', (name, parameters, macs) => {
    const found = cost(name, { classes: 10 });
    expect([found.parameters.trainable, found.macs]).toEqual([parameters, macs]);
  });

  test('has shortcut convolutions on more blocks if all blocks of stride 1 get one', () => {
    const count = (name: string) =>
      buildClassifier(name).layers.filter(({ name: layer }) => /\.shortcut(\.depthwise)?\.conv$/.test(layer))
        .length;
    // 10 of 17 blocks add their input; 13 have stride 1.
    expect(count('mobilenet-v2')).toBe(0);
    expect(count('mobilenet-v2-improved')).toBe(10);
    expect(count('mobilenet-v2-improved:shortcutOn=stride-1')).toBe(13);
    expect(count('mobilenet-v2-improved:shortcut=depthwise,shortcutOn=stride-1')).toBe(13);
  });

  test('ends each block in ReLU6 if the projection is not linear', () => {
    const count = (name: string) =>
      buildClassifier(name).layers.filter(({ name: layer }) => layer.endsWith('.reduce.act')).length;
    expect([count('mobilenet-v2'), count('mobilenet-v2:projection=relu6')]).toEqual([0, 17]);
  });

  test('narrows inside a classic bottleneck and widens inside an inverted one', () => {
    const widths = (name: string, layers: readonly string[]) => {
      const found = networkCost(buildClassifier(name)).layers;
      return layers.map(
        (part) => found.find(({ layer }) => layer.name === `backbone.3.1.${part}.conv`)!.shape[0],
      );
    };
    expect(widths('mobilenet-v2', ['expand', 'depthwise', 'reduce'])).toEqual([192, 192, 32]);
    expect(widths('mobilenet-v2:bottleneck=classic', ['reduce', 'spatial', 'expand'])).toEqual([32, 32, 192]);
  });
});

describe('the output stride', () => {
  const sides = (name: string) =>
    networkCost(buildClassifier(name, { size: 32 }))
      .layers.filter(({ layer }) => layer.name.startsWith('backbone.'))
      .map(({ shape }) => shape[1]);

  test.each(['mobilenet-v2', 'shufflenet-v2', 'mobilenet-v3-small', 'yolov3-tiny', 'ghostnet'])(
    'of %s leaves out the first halvings',
    (name) => {
      expect([8, 16, 32].map((stride) => sides(`${name}:outputStride=${stride}`).at(-1))).toEqual([4, 2, 1]);
      expect(sides(`${name}:outputStride=8`)[0]).toBe(32);
    },
  );

  test('does not change the parameters', () => {
    const { parameters } = cost('mobilenet-v2', { classes: 10 });
    expect(cost('mobilenet-v2:outputStride=8', { classes: 10, size: 32 }).parameters).toEqual(parameters);
  });

  test('is refused if units are made for their stride', () => {
    expect(() => buildClassifier('shufflenet-v2:outputStride=4')).toThrow(
      'outputStride 4: stage 2 (shuffleV2) needs its stride; choose 8 or more',
    );
  });

  test('is refused by heads that need other strides', () => {
    expect(() => buildDetector('mobilenet-v2:outputStride=8/fpn')).toThrow(
      'head fpn: reads a map of stride 16, the backbone has 2, 4, 8',
    );
  });
});

describe('compound scaling', () => {
  test('about doubles the multiply-accumulates with each step of φ', () => {
    // Single steps deviate because blocks and channels are rounded.
    const [first, last] = [0, 6].map((phi) => cost(`efficientnet:phi=${phi}`).macs) as [number, number];
    expect((last / first) ** (1 / 6)).toBeCloseTo(2, 0.5);
  });

  test('has the bases of the paper: α 1.2, β 1.1, γ 1.15', () => {
    expect(compoundScale(1)).toEqual({ depth: 1.2, width: 1.1, resolution: 258 });
    expect(compoundScale(0)).toEqual({ depth: 1, width: 1, resolution: 224 });
  });

  test('builds B0 at φ = 0', () => {
    expect(buildClassifier('efficientnet').layers).toEqual(buildClassifier('efficientnet-b0').layers);
  });

  test('classifies at the size of each published scale', () => {
    for (const [name, { resolution }] of Object.entries(EFFICIENTNETS)) {
      expect(buildClassifier(`efficientnet-${name}`).input).toEqual([3, resolution, resolution]);
    }
  });
});

describe('detectors', () => {
  const tiny = networkCost(buildDetector('yolov3-tiny'));

  test('micro-yolo-plus has 3.18 times fewer parameters and 2.44 times fewer multiply-accumulates', () => {
    const { parameters, macs } = networkCost(buildDetector('micro-yolo-plus'));
    expect([parameters.trainable, macs]).toEqual([2_786_218, 1_133_819_952]);
    expect(tiny.parameters.trainable / parameters.trainable / 3.18).toBeCloseTo(1, 1.5);
    expect(tiny.macs / macs / 2.44).toBeCloseTo(1, 1.5);
  });

  test('yolo-lite has 749 filters and takes 240,004,352 multiply-accumulates for VOC', () => {
    const network = buildDetector('yolo-lite', { classes: 20 });
    const filters = network.layers.reduce(
      (sum, layer) => sum + (layer.type === 'conv' ? layer.outChannels : 0),
      0,
    );
    expect([filters, networkCost(network).macs]).toEqual([749, 240_004_352]);
    expect(outputLayers(network)).toMatchObject([{ type: 'region', classes: 20, softmax: true }]);
    expect(network.layers.some(({ type }) => type === 'batchNorm')).toBe(false);
  });

  test('yolo-nano is near the 4.57 G operations of its paper', () => {
    const { flops } = networkCost(buildDetector('yolo-nano'));
    expect(Math.abs(flops / 4.57e9 - 1)).toBeLessThan(0.1);
  });
});

describe.each(backboneNames)('the backbone %s', (name) => {
  const backbone = namedBackbone(name);
  const builder = builderFor(backbone, 96);
  const { taps, last } = buildBackbone(builder, backbone);

  test('has maps at strides 8, 16 and 32', () => {
    expect(taps.map(({ stride }) => stride)).toEqual([8, 16, 32]);
    for (const tap of taps) {
      expect(builder.shape(tap.name)).toEqual([tap.channels, 96 / tap.stride, 96 / tap.stride]);
    }
  });

  test('ends in its deepest map', () => {
    expect(last).toBe(taps.at(-1)!.name);
  });

  test("downsamples to the same sizes with Keras's padding", () => {
    const keras = buildNetwork(`${name}:conventions=keras/fpn`, { size: 96, classes: 2 });
    const even = buildNetwork(`${name}/fpn`, { size: 96, classes: 2 });
    const shapes = (network: typeof even) => networkCost(network).layers.map(({ shape }) => shape);
    expect(shapes(keras)).toEqual(shapes(even));
    const strided = keras.layers.filter((layer) => layer.type === 'conv' && layer.stride === 2);
    for (const layer of strided) {
      const [top, left, bottom, right] = (layer as { padding: readonly number[] }).padding;
      expect([bottom! - top!, right! - left!]).toEqual([1, 1]);
    }
  });
});

test("MnasNet's first block has no shortcut, even if it is narrow", () => {
  const { layers } = buildClassifier('mnasnet-b1:0.25');
  const first = layers.findIndex(({ type }) => type === 'add');
  // The first sum is in the second block of the third row: after the six convolutions of the first two rows and a stem.
  expect(layers.slice(0, first).filter(({ type }) => type === 'conv')).toHaveLength(9);
});

test("does not round up ShuffleNetV1's channels from a product that is slightly too large", () => {
  const { layers } = cost('shufflenet-v1:width=1.1,groups=2');
  const features = layers.find(({ layer }) => layer.type === 'globalAvgPool');
  expect(features?.shape[0]).toBe(880);
});
