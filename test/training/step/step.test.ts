import { describe, expect, test } from 'vitest';
import type { SessionTensor } from '../../../src/executors/onnx/session/session.ts';
import type { Tensor } from '../../../src/graph/operations.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { networkParameters } from '../../../src/network/parameters.ts';
import { buildClassifier } from '../../../src/network/registry.ts';
import { METRICS } from '../../../src/training/objectives/objective.ts';
import { nextName } from '../../../src/training/optimizers/parameters.ts';
import { initialState, weightsOf } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { randomWeights } from '../../network/random-weights.ts';
import {
  executions,
  expectedUpdate,
  expectMetrics,
  expectNearPyTorch,
  goldens,
  LARGE,
} from './near-pytorch.ts';
import { type Outcome, runInDouble } from './run-step.ts';
import { kindOf, updateErrors, updateSketch } from './sketch.ts';
import { type Feeds, stepCase, stepCaseTitles } from './step-cases.ts';
import { tinyTwoHeads } from './step-networks.ts';

// The large networks are in step.full.test.ts.
const titles = stepCaseTitles.filter((title) => !LARGE.includes(title));

describe('a training step in double precision', () => {
  // The remaining difference comes from constants, which the graph holds in float32.
  test.each(titles)('matches PyTorch: %s', async (title) => {
    const item = stepCase(title);
    const golden = goldens.get(title)!;
    const last = (await runInDouble(item)).at(-1)!;
    expectMetrics(last, golden, 2e-8);
    const errors = updateErrors(item.state, updateSketch(item.state, last.state), expectedUpdate(golden));
    for (const [kind, error] of Object.entries(errors)) expect(error, kind).toBeLessThan(2e-7);
  });
});

for (const [name, run] of executions) {
  describe.skipIf(!run)(`a training step ${name}`, () => {
    test.each(titles)("comes as near to PyTorch in float64 as PyTorch's float32 does: %s", (title) =>
      expectNearPyTorch(run!, title),
    );

    test('changes neither weights nor momenta while gradients accumulate', async () => {
      const item = stepCase('two batches accumulated');
      const [first, second] = await run!(item);
      const changed = (state: Outcome['state']) => {
        const isSame = (name: string) => `${state.get(name)!.data}` === `${item.state.get(name)!.data}`;
        return new Set([...state.keys()].filter((name) => !isSame(name)).map(kindOf));
      };
      const between = new Map([...first!.state].filter(([name]) => kindOf(name) !== 'average'));
      expect(changed(between)).toEqual(new Set(['accumulated', 'statistics']));
      for (const [name, { data }] of first!.state) {
        if (kindOf(name) !== 'average') continue;
        const before = item.state.get(name)!.data;
        const moved = Math.max(...Array.from(data, (value, i) => Math.abs(value - before[i]!)));
        expect(moved, name).toBeLessThan(1e-6);
      }
      expect(changed(second!.state)).toEqual(new Set(['weights', 'statistics', 'momentum', 'average']));
    });

    test('takes photos as bytes, scaled in the graph', async () => {
      const item = stepCase('a batch of 2');
      const scale = { colorOrder: 'bgr', mean: 127.5, std: 64 } as const;
      const { network, options } = item;
      const [channels, height, width] = network.input;
      const area = height * width;
      const bytes = Uint8Array.from({ length: 2 * channels * area }, (_, i) => (i * 2654435761) >>> 24);
      const floats = new Float32Array(bytes.length).map((_, i) => {
        const [image, channel, pixel] = [
          Math.floor(i / (channels * area)),
          Math.floor(i / area) % channels,
          i % area,
        ];
        return (
          (bytes[(image * area + pixel) * channels + (channels - 1 - channel)]! - scale.mean) / scale.std
        );
      });
      const [{ batch, scalars }] = item.runs as [Feeds];
      const withImage = (image: SessionTensor) => [{ batch: { ...batch, image }, scalars }];
      const [plain] = await run!({
        ...item,
        runs: withImage({ shape: [2, channels, height, width], data: floats }),
      });
      const [scaled] = await run!({
        ...item,
        step: buildTrainingStep(network, { ...options, pixels: scale }),
        runs: withImage({ shape: [2, height, width, channels], data: bytes }),
      });
      const [expected, update] = [plain!, scaled!].map(({ state }) => updateSketch(item.state, state)) as [
        Float64Array,
        Float64Array,
      ];
      for (const [kind, error] of Object.entries(updateErrors(item.state, update, expected))) {
        expect(error, kind).toBeLessThan(1e-5);
      }
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e38, 1e25])(
      'reports that an image of %d gives NaN or infinite numbers',
      async (value) => {
        const item = stepCase('a batch of 2');
        const [{ batch, scalars }] = item.runs as [Feeds];
        const image = { ...batch['image']!, data: new Float32Array(batch['image']!.data).fill(value, 0, 9) };
        const [outcome] = await run!({ ...item, runs: [{ batch: { ...batch, image }, scalars }] });
        expect(outcome!.metrics['finite']).toBe(0);
      },
    );
  });
}

describe('buildTrainingStep', () => {
  const network = tinyTwoHeads();

  test.each([0, -1, 1.5, Number.NaN])('refuses a batch of %d', (batch) => {
    expect(() => buildTrainingStep(network, { batch })).toThrow(
      `batch ${batch}: expected a whole number of at least 1`,
    );
  });

  test('refuses a teacher for a classifier, and class options without an effect', () => {
    const classifier = buildClassifier('mobilenet-v2:0.35', { classes: 3, size: 32 });
    expect(() => buildTrainingStep(classifier, { batch: 2, distill: true })).toThrow(
      'a classifier cannot learn from a teacher; leave out distill and hints',
    );
    expect(() => buildTrainingStep(classifier, { batch: 2, loss: { classWeights: [1, 2] } })).toThrow(
      'classWeights [1, 2]: expected 3 numbers ≥ 0, one per class',
    );
  });

  test('refuses a network with an output other than yolo', () => {
    const builder = new NetworkBuilder([3, 32, 32]);
    const logits = builder.conv('logits', 'input', { outChannels: 7, kernel: 1 });
    builder.add({
      type: 'region',
      name: 'old',
      inputs: [logits],
      anchors: [[1, 2]],
      classes: 2,
      softmax: true,
    });
    expect(() => buildTrainingStep(builder.build('yolov2'), { batch: 2 })).toThrow(
      'yolov2: output old is region; the detection loss trains yolo outputs',
    );
  });

  test.each([
    ['sgd', 1],
    ['adamW', 2],
  ] as const)('names the next state of every state tensor of %s', (optimizer, slots) => {
    const step = buildTrainingStep(network, { batch: 2, optimizer, accumulate: true });
    const outputs = step.graph.outputs.map(({ name }) => name).sort();
    expect(outputs).toEqual([...[...step.state.keys()].map(nextName), ...step.metrics].sort());
    expect(step.metrics).toEqual([
      ...METRICS,
      ...['loss.box', 'loss.objectness', 'loss.classes', 'positives'],
    ]);
    const parameters = networkParameters(network);
    const trained = parameters.filter(({ trainable }) => trainable);
    expect(step.state.size).toBe(2 * parameters.length + (slots + 1) * trained.length);
  });
});

describe('initialState', () => {
  test('starts averages at the weights and everything else at zero', () => {
    const network = tinyTwoHeads();
    const step = buildTrainingStep(network, { batch: 2 });
    const weights = randomWeights(network, 1);
    const state = initialState(step, weights);
    for (const [name, { data }] of state) {
      const source = weights.get(kindOf(name) === 'average' ? name.slice('average/'.length) : name);
      expect(data, name).toEqual(source?.data ?? new Float32Array(data.length));
    }
    const parameters = networkParameters(network);
    expect(weightsOf(parameters, state)).toEqual(weights);
    expect(weightsOf(parameters, state, 'average')).toEqual(weights);
  });

  test('refuses weights that are missing or have another shape', () => {
    const network = tinyTwoHeads();
    const step = buildTrainingStep(network, { batch: 2 });
    const weights = new Map(randomWeights(network, 1));
    const [[name, { shape }]] = [...weights] as [[string, Tensor]];
    weights.set(name, { shape: [1], data: new Float32Array(1) });
    expect(() => initialState(step, weights)).toThrow(`weights: ${name} is 1, expected ${shape.join('×')}`);
    weights.delete(name);
    expect(() => initialState(step, weights)).toThrow(`weights: ${name} is missing`);
  });

  test('shares no memory with the weights it starts from', () => {
    const network = tinyTwoHeads();
    const weights = randomWeights(network, 1);
    const state = initialState(buildTrainingStep(network, { batch: 2 }), weights);
    const all = [...weights.values(), ...state.values()].map(({ data }) => data.buffer);
    expect(new Set(all).size).toBe(all.length);
  });
});
