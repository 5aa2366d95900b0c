import { describe, expect, test } from 'vitest';
import { equalizeWeights } from '../../../../src/compression/quantize/equalize.ts';
import { equalizeModel } from '../../../../src/compression/quantize/equalize-model.ts';
import { viewGraph } from '../../../../src/compression/quantize/graph.ts';
import { GraphNetwork } from '../../../../src/detection/foreign/graph-network.ts';
import { readOnnx } from '../../../../src/executors/onnx/read.ts';
import { tensorFloats } from '../../../../src/executors/onnx/tensor-data.ts';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import { GraphBuilder } from '../../../../src/graph/builder.ts';
import { mapNames } from '../../../../src/models/compile/map-names.ts';
import { recordForward } from '../../../../src/models/forward/forward.ts';
import type { SimulatedQuantization } from '../../../../src/models/forward/simulated-quantization.ts';
import type { GraphModel } from '../../../../src/models/graph-model.ts';
import { DEFAULT_RECIPE, type Model } from '../../../../src/models/model.ts';
import { convBlock } from '../../../../src/network/blocks/conv-block.ts';
import { mbconv } from '../../../../src/network/blocks/mbconv.ts';
import { type Activation, NetworkBuilder } from '../../../../src/network/builder.ts';
import { plainGraph, simulationOf } from '../../../../src/tasks/quantize/training/fine-tune.ts';
import { type LayerChoice, Workbench } from '../../../../src/tasks/quantize/workbench.ts';
import { runGraph } from '../../../graph/run-graph.ts';
import { randomWeights } from '../../../network/random-weights.ts';

const SIZE = 32;

/** A detector with a shortcut, squeeze and excitation, pooling, concatenation and upsampling, all supported in 8 bits. */
function detector(activation: Activation): Model {
  const builder = new NetworkBuilder([3, SIZE, SIZE]);
  const block = (name: string, input: string, outChannels: number, stride = 1) =>
    convBlock(builder, name, input, { outChannels, kernel: 3, stride, activation });
  const stem = block('stem', 'input', 16, 2);
  const inverted = mbconv(builder, 'inverted', stem, {
    ...{ outChannels: 16, kernel: 3, stride: 1, expansion: 2, activation },
    squeeze: { ratio: 4, of: 'expanded' },
    shortcut: 'identity',
  });
  const fine = block('fine', inverted, 32, 2);
  const pooled = builder.maxPool('pool', fine, { kernel: 2, stride: 2 });
  const coarse = block('coarse', pooled, 32);
  const joined = builder.concat('join', [builder.upsample('up', coarse, 2), fine]);
  const head = block('head', joined, 32);
  const logits = builder.conv('logits', head, { outChannels: 7, kernel: 1, bias: true });
  builder.yolo('yolo', logits, { anchors: [[10, 14]], classes: 2 });
  const network = builder.build('simulated');
  return {
    ...{ network, weights: randomWeights(network, 5), classes: ['a', 'b'] },
    ...{ recipe: DEFAULT_RECIPE, provenance: { source: 'test' } },
  };
}

const uniform = uniformRandom(4);
const samples = Array.from({ length: 3 }, () => ({
  pixels: Uint8Array.from({ length: SIZE * SIZE * 3 }, () => Math.floor(256 * uniform())),
  input: { width: SIZE, height: SIZE },
  placement: { left: 0, top: 0, width: SIZE, height: SIZE, original: { width: SIZE, height: SIZE } },
}));

async function outputOf(model: GraphModel, optimize = false): Promise<Float32Array> {
  await using network = await GraphNetwork.open(model, { threads: 1, optimize });
  const { outputs } = await network.run(network.feeds(samples[0]!));
  return Object.values(outputs)[0]!.data;
}

/** Rounded maps by layer, from the forward pass with simulated rounding. */
async function simulatedMaps({ network, weights }: Model, quantization: SimulatedQuantization) {
  const graph = new GraphBuilder();
  const { colorOrder, mean, std } = DEFAULT_RECIPE;
  const input = { type: 'uint8', colorOrder, mean, std } as const;
  const { values } = recordForward(graph, network, 'inference', { batch: 1, input, quantization });
  for (const layer of Object.keys(quantization.maps)) graph.output(`map of ${layer}`, values.get(layer)!);
  const image = { shape: [1, SIZE, SIZE, 3], data: samples[0]!.pixels };
  return await runGraph({ graph: graph.build(), tensors: weights }, { image });
}

/** The same maps, from the 8-bit graph. */
async function roundedMaps(int8: GraphModel, model: Model, { maps }: SimulatedQuantization) {
  const names = mapNames(model);
  const features = Object.keys(maps).map((layer) => names.get(layer)!);
  await using network = await GraphNetwork.open(int8, { threads: 1, optimize: false, features });
  return (await network.run(network.feeds(samples[0]!))).maps;
}

/** Share of elements off by more than half a level, in the map with the largest share. */
async function worstShare(bench: Workbench, choice: LayerChoice, model: Model): Promise<number> {
  const quantization = simulationOf(bench, choice, model);
  const found = await simulatedMaps(model, quantization);
  const expected = await roundedMaps(bench.quantized(choice), model, quantization);
  const names = mapNames(model);
  const shares = Object.entries(quantization.maps).map(([layer, { scale }]) => {
    const [a, b] = [found[`map of ${layer}`]!.data, expected[names.get(layer)!]!.data];
    return b.filter((value, i) => Math.abs(value - a[i]!) > scale / 2).length / b.length;
  });
  return Math.max(...shares);
}

/** Squared error relative to the sum of squares. */
function errorOf(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [lost, all] = [0, 0];
  Array.from(expected).forEach((value, i) => {
    lost += (value - found[i]!) ** 2;
    all += value ** 2;
  });
  return lost / all;
}

async function calibrated(model: Model, bits: 7 | 8) {
  const graph = await plainGraph(model);
  const { model: proto, equalized } = equalizeWeights(readOnnx(graph.onnx, 'test').proto);
  const options = { bits, biasCorrection: false, threads: 1, signal: undefined, onEvent: () => {} };
  const bench = new Workbench(graph, proto, samples, options);
  await bench.calibrate({ method: 'mse', percentile: 100 });
  return { bench, start: equalizeModel(model, equalized), pairs: equalized.length };
}

const ACTIVATIONS = ['relu', 'leakyRelu', 'hardSwish'] as const;

describe.each(ACTIVATIONS)('with %s', (activation) => {
  const model = detector(activation);

  test('a model with equalized norms and kernels compiles to the equalized graph', async () => {
    const { bench, start, pairs } = await calibrated(model, 8);
    expect(pairs > 1).toBe(['relu', 'leakyRelu'].includes(activation));
    const { constants } = viewGraph(readOnnx((await plainGraph(start)).onnx, 'test').proto);
    for (const { weights } of bench.convolutions) {
      const [found, expected] = [constants, bench.view.constants].map((each) =>
        tensorFloats(each.get(weights)!),
      );
      expect(errorOf(found!, expected!), weights).toBeLessThan(1e-10);
    }
    expect(errorOf(await outputOf(await plainGraph(start)), await outputOf(bench.float))).toBeLessThan(1e-9);
  });

  // Sums halfway between two levels round either way, and later layers differ too. A wrong scale changes nearly everything.
  test.each([
    [8, true],
    [7, true],
    [8, false],
  ] as const)(
    'rounds a map of %d bits as the graph does, between convolutions: %s',
    async (bits, between) => {
      const { bench, start } = await calibrated(model, bits);
      expect(await worstShare(bench, { convolutions: bench.able, between }, start)).toBeLessThan(0.35);
    },
  );

  test('does not round a layer that stays in float', async () => {
    const { bench, start } = await calibrated(model, 8);
    const choice = { convolutions: bench.able.slice(1, 3), between: false };
    const { kernels } = simulationOf(bench, choice, start);
    expect(kernels).toEqual(bench.able.slice(1, 3).map(({ name }) => name));
    expect(await worstShare(bench, choice, start)).toBeLessThan(0.02);
  });
});
