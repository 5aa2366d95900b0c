import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import type { Tensors } from '../../../src/graph/operations.ts';
import { foldConvolutions } from '../../../src/graph/passes/fold.ts';
import { networkSchema } from '../../../src/models/formats/safetensors/network-schema.ts';
import { type ForwardMode, forward } from '../../../src/models/forward/forward.ts';
import { IMAGE_INPUT, type PixelScale } from '../../../src/models/forward/photograph.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import type { ColorValue } from '../../../src/models/model.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import type { ActivationFunction, Layer, Network } from '../../../src/network/layers.ts';
import { networkParameters } from '../../../src/network/parameters.ts';
import { relativeError, runGraph } from '../../graph/run-graph.ts';
import { layerCases, tensorsOf } from './layers-golden.ts';

/** Only the weights that the mode reads: training does not use running statistics. */
function bind(network: Network, mode: ForwardMode, weights: Tensors) {
  const graph = forward(network, mode);
  return { graph, tensors: new Map(graph.parameters.map(({ name }) => [name, weights.get(name)!])) };
}

describe.each(layerCases.map((item) => [item.title, item] as const))('%s', (_, item) => {
  const network = networkSchema.parse(item.network);
  const weights = tensorsOf(item.weights);
  const feeds = Object.fromEntries(tensorsOf(item.inputs));
  const expected = tensorsOf(item.outputs);

  test('its weights are the parameters of the network', () => {
    const shapes = networkParameters(network).map(({ name, shape }) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual(
      Object.fromEntries([...weights].map(([name, { shape }]) => [name, shape])),
    );
  });

  test.each([
    ['as recorded', (bound: ReturnType<typeof bind>) => bound],
    ['folded', foldConvolutions],
  ])('equals PyTorch, %s', async (_, pass) => {
    const outputs = await runGraph(pass(bind(network, item.mode, weights)), feeds);
    expect(Object.keys(outputs).sort()).toEqual([...expected.keys()].sort());
    for (const [name, tensor] of expected) {
      expect(relativeError(outputs[name], tensor), name).toBeLessThan(1e-5);
    }
  });
});

describe('the cases', () => {
  const layers = layerCases.flatMap((item) => networkSchema.parse(item.network).layers);

  test('cover every layer', () => {
    // A record, so that a new layer does not compile until it is listed here.
    const types: Readonly<Record<Layer['type'], true>> = {
      conv: true,
      batchNorm: true,
      activation: true,
      maxPool: true,
      avgPool: true,
      globalAvgPool: true,
      upsample: true,
      concat: true,
      slice: true,
      shuffle: true,
      add: true,
      multiply: true,
      dense: true,
      dropout: true,
      yolo: true,
      region: true,
      classes: true,
    };
    expect(new Set(layers.map(({ type }) => type))).toEqual(new Set(Object.keys(types)));
  });

  test('cover every activation', () => {
    const functions: Readonly<Record<ActivationFunction, true>> = {
      relu: true,
      relu6: true,
      leakyRelu: true,
      silu: true,
      mish: true,
      sigmoid: true,
      hardSigmoid: true,
      hardSwish: true,
      tanh: true,
      hardTanh: true,
      elu: true,
      selu: true,
      gelu: true,
    };
    const shown = layers.flatMap((layer) => (layer.type === 'activation' ? [layer.function] : []));
    expect(new Set(shown)).toEqual(new Set(Object.keys(functions)));
  });
});

describe('a photo as input', () => {
  const builder = new NetworkBuilder([3, 4, 6]);
  const conv = builder.conv('conv', 'input', { outChannels: 6, kernel: 3 });
  builder.add({ type: 'region', name: 'out', inputs: [conv], anchors: [[1, 1]], classes: 1, softmax: false });
  const network = builder.build('photograph');
  const tensors = initializeWeights(network, 1);
  const random = uniformRandom(2);
  const pixels = Uint8Array.from({ length: 2 * 4 * 6 * 3 }, () => 256 * random());

  /** [N, H, W, 3] bytes → the [N, C, H, W] network input, pixel by pixel. */
  function prepared({ colorOrder, mean, std }: PixelScale): Float32Array {
    const data = new Float32Array(pixels.length);
    const of = (value: ColorValue, color: number) => (typeof value === 'number' ? value : value[color]!);
    for (let n = 0; n < 2; n++)
      for (let c = 0; c < 3; c++)
        for (let at = 0; at < 24; at++) {
          const channel = colorOrder === 'rgb' ? c : 2 - c;
          data[(n * 3 + c) * 24 + at] = (pixels[(n * 24 + at) * 3 + channel]! - of(mean, c)) / of(std, c);
        }
    return data;
  }

  const scales: readonly PixelScale[] = [
    { colorOrder: 'rgb', mean: 0, std: 255 },
    { colorOrder: 'bgr', mean: 0, std: 255 },
    { colorOrder: 'rgb', mean: 127.5, std: 127.5 },
    { colorOrder: 'bgr', mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
    { colorOrder: 'rgb', mean: [10, 20, 30], std: 2 },
    { colorOrder: 'bgr', mean: 100, std: 1 },
  ];
  test.each(scales.map((scale) => [`${scale.colorOrder}, mean ${scale.mean}, std ${scale.std}`, scale]))(
    "is converted to the network's input: %s",
    async (_, scale) => {
      const bytes = { graph: forward(network, 'inference', { input: { type: 'uint8', ...scale } }), tensors };
      const floats = { graph: forward(network, 'inference'), tensors };
      const expected = await runGraph(floats, {
        [IMAGE_INPUT]: { shape: [2, 3, 4, 6], data: prepared(scale) },
      });
      const feeds = { [IMAGE_INPUT]: { shape: [2, 4, 6, 3], data: pixels } };
      for (const bound of [bytes, foldConvolutions(bytes)]) {
        const outputs = await runGraph(bound, feeds);
        expect(relativeError(outputs['out'], expected['out']!)).toBeLessThan(1e-5);
      }
    },
  );

  test('is refused in one line for a network without three channels', () => {
    const gray: Network = { ...network, input: [1, 4, 6] };
    expect(() =>
      forward(gray, 'inference', { input: { type: 'uint8', colorOrder: 'rgb', mean: 0, std: 255 } }),
    ).toThrow('a network with 1 input channels, but photographs have 3');
  });
});

test('a fixed batch appears in the shapes of inputs and outputs', () => {
  const builder = new NetworkBuilder([2, 4, 4]);
  const shuffled = builder.add({ type: 'shuffle', name: 'shuffle', inputs: ['input'], groups: 2 });
  builder.add({ type: 'classes', name: 'out', inputs: [shuffled], classes: 32, softmax: true });
  const { inputs, outputs } = forward(builder.build('fixed'), 'inference', { batch: 3 });
  expect([inputs[0]!.value.shape, outputs[0]!.value.shape]).toEqual([
    [3, 2, 4, 4],
    [3, 32],
  ]);
});

test('refuses to train a batch norm over a single value, whose variance would become 0', () => {
  const builder = new NetworkBuilder([3, 1, 1]);
  builder.batchNorm('norm', 'input');
  const network = builder.build('one');
  expect(() => forward(network, 'training', { batch: 1 })).toThrow('norm has a map of one pixel');
  expect(() => forward(network, 'training', { batch: 2 })).not.toThrow();
});
