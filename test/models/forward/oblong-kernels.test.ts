import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import type { Graph } from '../../../src/graph/operations.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import { networkSections } from '../../../src/models/formats/darknet/network-sections.ts';
import { recordForward } from '../../../src/models/forward/forward.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { networkCost } from '../../../src/network/cost.ts';
import type { KernelSize, Network } from '../../../src/network/layers.ts';
import { runGraph } from '../../graph/run-graph.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { randomWeights } from '../../network/random-weights.ts';

function networkOf(kernel: KernelSize, stride: number): Network {
  const build = new NetworkBuilder([2, 7, 6]);
  build.conv('conv', 'input', { outChannels: 4, kernel, stride, bias: true });
  build.globalAvgPool('mean', 'conv');
  build.classes('classes', 'mean', { classes: 4, softmax: false });
  return build.build('oblong');
}

const image = { shape: [1, 2, 7, 6], data: Float32Array.from({ length: 84 }, (_, i) => Math.sin(i)) };

function graphOf(network: Network, mode: 'training' | 'inference', withGradient = false): Graph {
  const graph = new GraphBuilder();
  const { values } = recordForward(graph, network, mode, { batch: 1 });
  const map = values.get('conv')!;
  graph.output('map', map);
  if (withGradient) {
    const loss = graph.reduce('sumOfSquares', map);
    const weight = graph.parameter('conv.weight', networkShape(network));
    const [gradient] = gradients(graph, loss, [weight]);
    graph.output('loss', loss);
    graph.output('gradient', gradient!);
  }
  return graph.build();
}

const networkShape = (network: Network) => randomWeights(network, 1).get('conv.weight')!.shape;

describe.each([
  [[3, 1], 1],
  [[1, 3], 1],
  [[1, 5], 2],
  [[3, 2], 1],
] as const)('a kernel of %j at stride %i', (kernel, stride) => {
  const network = networkOf(kernel, stride);
  const weights = randomWeights(network, 2);

  test('gives the same map in training, at inference and by ONNX Runtime', async () => {
    const inputs = new Map([...weights, ['image', image] as const]);
    const [training, inference] = (['training', 'inference'] as const).map((mode) =>
      Array.from(runReference(graphOf(network, mode), inputs).get('map')!.data),
    );
    const onnx = await runGraph({ graph: graphOf(network, 'inference'), tensors: weights }, { image });
    expect(training).toEqual(inference);
    inference!.forEach((value, i) => {
      expect(onnx['map']!.data[i]).toBeCloseTo(value, 5);
    });
  });

  test('has the gradient of finite differences', () => {
    const graph = graphOf(network, 'training', true);
    const run = (contents: Float64Array) => {
      const { shape } = weights.get('conv.weight')!;
      const inputs = new Map<string, { shape: readonly number[]; data: ArrayLike<number> }>([
        ...weights,
        ['image', image],
      ]);
      inputs.set('conv.weight', { shape, data: contents });
      return runReference(graph, inputs);
    };
    const start = Float64Array.from(weights.get('conv.weight')!.data);
    const gradient = run(start).get('gradient')!;
    expect(gradient.shape).toEqual(networkShape(network));
    for (const place of start.keys()) {
      const at = (change: number) => run(start.with(place, start[place]! + change)).get('loss')!.data[0]!;
      expect(gradient.data[place]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
    }
  });

  test('costs as much as its two sides predict', () => {
    const [tall, wide] = kernel;
    const { macs, parameters } = networkCost(network);
    const [, height, width] = networkCost(network).layers[0]!.shape;
    expect(macs).toBe(4 * 2 * tall * wide * height * width);
    expect(parameters.trainable).toBe(4 * 2 * tall * wide + 4);
  });
});

test('Darknet only has square kernels, and the error says so in one line', async () => {
  const network = networkOf([3, 1], 1);
  const error = await microYoloError(
    Promise.resolve().then(() => networkSections(network, randomWeights(network, 1))),
  );
  expect(error.message).toMatch(/conv.*its kernel is 3×1, but Darknet's kernels are square/);
});
