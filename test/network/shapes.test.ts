import { describe, expect, test } from 'vitest';
import { MicroYoloError } from '../../src/foundation/errors/errors.ts';
import type { FeatureShape, Layer, Network } from '../../src/network/layers.ts';
import { samePadding, windowedSize } from '../../src/network/padding.ts';
import { buildDetector } from '../../src/network/registry.ts';
import { inferShapes, layerShape, withInputSize } from '../../src/network/shapes.ts';

/** A layer without the fields that every layer has. */
type Bare<T = Layer> = T extends Layer ? Omit<T, 'name' | 'inputs'> : never;

const layer = (bare: Bare) => ({ name: 'it', inputs: ['input'], ...bare }) as Layer;
const conv = { type: 'conv', outChannels: 6, kernel: 3, stride: 1, groups: 1, bias: false } as const;
const anchors = [
  [1, 1],
  [2, 2],
] as const;

describe('windowedSize', () => {
  test.each([
    [416, 3, 2, 1, 1, 208],
    [13, 2, 1, 0, 1, 13],
    [13, 3, 2, 1, 1, 7],
    [7, 2, 2, 0, 0, 3],
    [5, 5, 1, 0, 0, 1],
    [4, 5, 1, 0, 0, 0],
  ])(
    'for %i pixels, kernel %i, stride %i, padding %i and %i is %i',
    (size, kernel, stride, before, after, side) => {
      expect(windowedSize(size, kernel, stride, before, after)).toBe(side);
    },
  );
});

// TensorFlow's 'same' for an even side: ⌈side / stride⌉ · stride − stride + kernel − side pixels, the odd one at the end.
test.each([
  [1, [0, 0, 0, 0]],
  [3, [0, 0, 1, 1]],
  [5, [1, 1, 2, 2]],
  [7, [2, 2, 3, 3]],
])('samePadding of kernel %i at stride 2 puts the odd pixel at the end if asked', (kernel, padding) => {
  expect(samePadding(kernel, 2, 'end')).toEqual(padding);
  expect(samePadding(kernel, 1, 'end')).toEqual(samePadding(kernel));
});

test.each([1, 3, 5, 7])('samePadding of kernel %i keeps the side at stride 1', (kernel) => {
  const [top, left, bottom, right] = samePadding(kernel);
  expect([windowedSize(9, kernel, 1, top, bottom), windowedSize(8, kernel, 1, left, right)]).toEqual([9, 8]);
});

describe('layerShape', () => {
  test.each<[string, Bare, FeatureShape[], FeatureShape]>([
    ['a conv padded on two sides', { ...conv, padding: [0, 0, 1, 1] }, [[4, 8, 9]], [6, 7, 8]],
    [
      'a pool padded on two sides',
      { type: 'maxPool', kernel: 2, stride: 1, padding: [0, 0, 1, 1] },
      [[4, 13, 13]],
      [4, 13, 13],
    ],
    ['a batchNorm', { type: 'batchNorm', epsilon: 1, momentum: 0 }, [[4, 2, 3]], [4, 2, 3]],
    ['an activation', { type: 'activation', function: 'relu' }, [[4, 2, 3]], [4, 2, 3]],
    ['a dropout', { type: 'dropout', rate: 0.5 }, [[4, 2, 3]], [4, 2, 3]],
    ['a globalAvgPool', { type: 'globalAvgPool' }, [[4, 2, 3]], [4, 1, 1]],
    ['an upsample', { type: 'upsample', factor: 2 }, [[4, 2, 3]], [4, 4, 6]],
    [
      'a concat',
      { type: 'concat' },
      [
        [4, 2, 3],
        [1, 2, 3],
        [2, 2, 3],
      ],
      [7, 2, 3],
    ],
    ['a slice', { type: 'slice', start: 1, end: 3 }, [[4, 2, 3]], [2, 2, 3]],
    ['a shuffle', { type: 'shuffle', groups: 2 }, [[4, 2, 3]], [4, 2, 3]],
    [
      'an add',
      { type: 'add' },
      [
        [4, 2, 3],
        [4, 2, 3],
      ],
      [4, 2, 3],
    ],
    [
      'a multiply by one gate per channel',
      { type: 'multiply' },
      [
        [4, 2, 3],
        [4, 1, 1],
      ],
      [4, 2, 3],
    ],
    [
      'a multiply by one gate per pixel',
      { type: 'multiply' },
      [
        [4, 2, 3],
        [1, 2, 3],
      ],
      [4, 2, 3],
    ],
    ['a dense', { type: 'dense', outFeatures: 10, bias: true }, [[4, 2, 3]], [10, 1, 1]],
    ['a yolo', { type: 'yolo', anchors, classes: 3, scaleXY: 1 }, [[16, 2, 3]], [16, 2, 3]],
    ['a region', { type: 'region', anchors, classes: 3, softmax: true }, [[16, 2, 3]], [16, 2, 3]],
    ['a classes', { type: 'classes', classes: 10, softmax: true }, [[10, 1, 1]], [10, 1, 1]],
  ])('gives that of %s', (_, bare, inputs, expected) => {
    expect(layerShape(layer(bare), inputs)).toEqual(expected);
  });

  test.each<[string, Bare, FeatureShape[], string]>([
    ['no input', { type: 'concat' }, [], 'layer it (concat): has no input'],
    [
      'input channels that groups do not divide',
      { ...conv, padding: [0, 0, 0, 0], groups: 3 },
      [[4, 8, 8]],
      'layer it (conv): 4 → 6 channels, expected multiples of groups 3',
    ],
    [
      'output channels that groups do not divide',
      { ...conv, padding: [0, 0, 0, 0], groups: 4 },
      [[4, 8, 8]],
      'layer it (conv): 4 → 6 channels, expected multiples of groups 4',
    ],
    [
      'a map smaller than the kernel',
      { ...conv, padding: [0, 0, 0, 0] },
      [[4, 8, 2]],
      'layer it (conv): a 8×2 map is smaller than its kernel 3; use a larger input size',
    ],
    [
      'a concat of two sizes',
      { type: 'concat' },
      [
        [4, 2, 3],
        [4, 3, 3],
      ],
      'layer it (concat): joins maps of 2×3 and 3×3, expected equal sizes',
    ],
    [
      'a slice past the end',
      { type: 'slice', start: 2, end: 5 },
      [[4, 2, 3]],
      'layer it (slice): channels 2 to 5 of 4, expected a range within them',
    ],
    [
      'an empty slice',
      { type: 'slice', start: 2, end: 2 },
      [[4, 2, 3]],
      'layer it (slice): channels 2 to 2 of 4, expected a range within them',
    ],
    [
      'a slice through a channel',
      { type: 'slice', start: 0, end: 1.5 },
      [[4, 2, 3]],
      'layer it (slice): channels 0 to 1.5 of 4, expected a range within them',
    ],
    [
      'a shuffle in groups of other sizes',
      { type: 'shuffle', groups: 3 },
      [[4, 2, 3]],
      'layer it (shuffle): 4 channels, expected a multiple of 3',
    ],
    [
      'an add of two shapes',
      { type: 'add' },
      [
        [4, 2, 3],
        [4, 1, 1],
      ],
      'layer it (add): adds 4×2×3 and 4×1×1, expected equal shapes',
    ],
    ['an add of one', { type: 'add' }, [[4, 2, 3]], 'layer it (add): has 1 input, expected 2'],
    [
      'an add of three',
      { type: 'add' },
      [
        [4, 2, 3],
        [4, 2, 3],
        [4, 2, 3],
      ],
      'layer it (add): has 3 inputs, expected 2',
    ],
    [
      'a conv that reads two layers',
      { ...conv, padding: [0, 0, 0, 0] },
      [
        [4, 8, 8],
        [4, 8, 8],
      ],
      'layer it (conv): has 2 inputs, expected 1',
    ],
    [
      'a multiply by another shape',
      { type: 'multiply' },
      [
        [4, 2, 3],
        [2, 1, 1],
      ],
      'layer it (multiply): multiplies 4×2×3 by 2×1×1, expected equal shapes, or sizes of 1 in the second',
    ],
    [
      'a multiply by a larger map',
      { type: 'multiply' },
      [
        [4, 1, 1],
        [4, 2, 3],
      ],
      'layer it (multiply): multiplies 4×1×1 by 4×2×3, expected equal shapes, or sizes of 1 in the second',
    ],
    [
      'a yolo of other channels',
      { type: 'yolo', anchors, classes: 3, scaleXY: 1 },
      [[255, 2, 3]],
      'layer it (yolo): 255 channels, expected anchors × (5 + classes) = 2 × 8 = 16',
    ],
    [
      'a region of other channels',
      { type: 'region', anchors, classes: 3, softmax: true },
      [[17, 2, 3]],
      'layer it (region): 17 channels, expected anchors × (5 + classes) = 2 × 8 = 16',
    ],
    [
      'another number of classes',
      { type: 'classes', classes: 10, softmax: true },
      [[10, 2, 1]],
      'layer it (classes): 10×2×1, expected 10×1×1',
    ],
  ])('refuses %s', (_, bare, inputs, message) => {
    const attempt = () => layerShape(layer(bare), inputs);
    expect(attempt).toThrow(new MicroYoloError('invalid-network', message));
  });
});

describe('inferShapes', () => {
  const relu = (name: string, input: string): Layer => ({
    type: 'activation',
    function: 'relu',
    name,
    inputs: [input],
  });
  const network = (...layers: readonly Layer[]): Network => ({ name: 'test', input: [3, 8, 8], layers });

  test('names every layer and the input', () => {
    expect([...inferShapes(network(relu('a', 'input'), relu('b', 'a')))]).toEqual([
      ['input', [3, 8, 8]],
      ['a', [3, 8, 8]],
      ['b', [3, 8, 8]],
    ]);
  });

  test.each<[string, Network, string]>([
    [
      'a layer that reads itself',
      network(relu('a', 'a')),
      'layer a (activation): reads a, which is not an earlier layer',
    ],
    [
      'a layer that reads a later one',
      network(relu('a', 'b'), relu('b', 'a')),
      'layer a (activation): reads b, which is not an earlier layer',
    ],
    [
      'a layer that reads a name of Object',
      network(relu('a', 'constructor')),
      'layer a (activation): reads constructor, which is not an earlier layer',
    ],
    [
      'two layers of one name',
      network(relu('a', 'input'), relu('a', 'input')),
      'layer a (activation): its name is taken by an earlier layer',
    ],
    [
      'a slope that flips the sign',
      network({ ...relu('a', 'input'), function: 'leakyRelu', slope: -0.5 } as Layer),
      'layer a (activation): slope -0.5, expected 0 to 1',
    ],
    [
      'a layer named input',
      network(relu('input', 'input')),
      'layer input (activation): its name is taken by an earlier layer',
    ],
  ])('refuses %s', (_, broken, message) => {
    expect(() => inferShapes(broken)).toThrow(new MicroYoloError('invalid-network', message));
  });
});

describe('withInputSize', () => {
  const network = buildDetector('yolov3-tiny', { classes: 2 });

  test('changes only the input, width before height', () => {
    const resized = withInputSize(network, 96, 64);
    expect(resized).toEqual({ ...network, input: [3, 64, 96] });
  });

  test('refuses a size that the head cannot join', () => {
    expect(() => withInputSize(network, 120, 120)).toThrow(
      /^size 120×120: does not fit yolov3-tiny \(layer head\.join .*; use multiples of 32$/,
    );
  });
});
