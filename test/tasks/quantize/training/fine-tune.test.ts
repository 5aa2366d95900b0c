import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFile } from '../../../../src/foundation/files/folders.ts';
import { readModel, writeModel } from '../../../../src/models/formats/safetensors/model-file.ts';
import { evaluateModel } from '../../../../src/tasks/evaluate/evaluate-model.ts';
import { exportModel } from '../../../../src/tasks/models/export-model.ts';
import {
  type QuantizeEvent,
  type QuantizeOptions,
  quantizeModel,
} from '../../../../src/tasks/quantize/quantize-model.ts';
import { readSettings } from '../../../../src/tasks/train/settings-file.ts';
import { microYoloError } from '../../../micro-yolo-error.ts';
import { temporaryFolder } from '../../../temporary-files.ts';
import { smallDetector } from '../../prune/small-detector.ts';

const folder = temporaryFolder();
const place = (name: string) => join(folder, name);
let small: Awaited<ReturnType<typeof smallDetector>>;

beforeAll(async () => {
  small = await smallDetector(folder, [1, 2, 2, 2]);
});

/** Counted in epochs: how far minutes reach depends on the machine. */
const settings = { batch: 2, engine: 'onnx-plain', maxMinutes: null, epochs: 1 } as const;

const quantize = (
  name: string,
  options: Partial<QuantizeOptions>,
  watch: { signal?: AbortSignal; onEvent?: (event: QuantizeEvent) => void } = {},
) => {
  const usual = { model: small.model, data: small.data, samples: 3, threads: 1, settings };
  return quantizeModel({ ...usual, layers: 'all', out: place(`${name}.safetensors`), ...options }, watch);
};

const runsOf = async (name: string, training: string) =>
  (await readdir(place(`${name}.training`))).filter(
    (each) => each.startsWith(training) && !each.includes('.'),
  );

test('evaluates training in 8 bits and writes the better weights', async () => {
  const { finetuning, AP50, path } = await quantize('tuned', { finetune: 1, weightBits: 7 });
  const { before, after } = finetuning!.AP50;
  expect(finetuning).toMatchObject({ minutes: 1, kept: after > before });
  expect(AP50!.quantized).toBe(Math.max(before, after));
  const { metrics } = await evaluateModel({ model: path, data: small.data, threads: 1 });
  expect(metrics.AP50).toBeCloseTo(AP50!.quantized, 6);
  const [run] = await runsOf('tuned', 'finetune');
  const { quantization } = await readSettings(join(place('tuned.training'), run!, 'experiment.yaml'));
  // Neither the first nor the last convolution is rounded, nor the output of the last.
  expect(quantization).toMatchObject({ bits: 7, kernels: ['block1.conv', 'block2.conv', 'block3.conv'] });
  const maps = Object.keys((quantization as { readonly maps: object }).maps).toSorted();
  expect(maps).toEqual([0, 1, 2, 3].map((index) => `block${index}.act`));
});

test('writes nothing if interrupted, and the same call continues', async () => {
  const stop = new AbortController();
  const interrupted = quantize(
    'legs',
    { finetune: 1 },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'training' && event.event.type === 'step') stop.abort();
      },
    },
  );
  expect((await microYoloError(interrupted)).code).toBe('interrupted');
  expect(await isFile(place('legs.safetensors'))).toBe(false);
  const { finetuning } = await quantize('legs', { finetune: 1 });
  expect(finetuning!.AP50.after).toBeGreaterThanOrEqual(0);
  expect(await runsOf('legs', 'finetune')).toHaveLength(1);
});

/** The same detector with LeakyReLU, which is no faster in 8 bits than ReLU6. */
async function leaky(): Promise<string> {
  const path = place('leaky.safetensors');
  const model = await readModel(small.model);
  const layers = model.network.layers.map((layer) =>
    layer.type === 'activation' ? ({ ...layer, function: 'leakyRelu', slope: 0.1 } as const) : layer,
  );
  await writeModel(path, { ...model, network: { ...model.network, layers } });
  return path;
}

test('times other activations before training them, and keeps them only if they pay off', async () => {
  const { swap, milliseconds, AP50 } = await quantize('swapped', {
    ...{ model: await leaky(), swapActivations: 'relu6', maxDrop: 100 },
  });
  expect(swap).toMatchObject({ from: ['leakyRelu'], to: 'relu6' });
  const isFaster = swap!.milliseconds.after <= 0.97 * swap!.milliseconds.before;
  expect(swap!.kept).toBe(isFaster && swap!.AP50 !== undefined);
  if (swap!.AP50 === undefined) expect(swap!.reason).toBe('not faster');
  else expect(await runsOf('swapped', 'swap-relu6')).toHaveLength(1);
  expect(milliseconds!.int8).toBeGreaterThan(0);
  expect(AP50!.quantized).toBeGreaterThanOrEqual(0);
});

test('a network with nothing to swap is quantized and says so', async () => {
  const { swap, notes } = await quantize('nothing', { swapActivations: 'relu' });
  expect(swap).toBeUndefined();
  expect(notes).toContain(
    'swapActivations relu: small has no LeakyReLU, hard-swish, SiLU or the like; nothing is swapped',
  );
});

describe('is refused before anything is written:', () => {
  test.for([
    [
      'training without labels',
      { data: undefined, finetune: 2 },
      /finetune 2: trains on labeled images; pass/,
    ],
    [
      'a swap without labels',
      { data: undefined, swapActivations: 'relu' },
      /swapActivations relu: trains on/,
    ],
    ['no minutes', { finetune: 0 }, /finetune 0: expected a number from 0\.01/],
    ['an unknown function', { swapActivations: 'gelu' }, /swapActivations "gelu": expected/],
    [
      'a test split',
      { finetune: 1, split: 'test' },
      /split test: a split that selects the model cannot test it/,
    ],
    [
      'training of weights alone',
      { finetune: 1, precision: 'weights8', samples: undefined, layers: undefined },
      /finetune with/,
    ],
    [
      'training settings without training',
      {},
      /settings batch, engine, maxMinutes, epochs: apply only to training; add `finetune`/,
    ],
  ] as const)('%s', async ([, options, message]) => {
    expect((await microYoloError(quantize('never', options as never))).message).toMatch(message);
  });

  test('a graph, which cannot be trained', async () => {
    const model = place('graph.onnx');
    await exportModel({ model: small.model, format: 'onnx', out: model });
    const { message } = await microYoloError(quantize('never', { model, finetune: 1 }));
    expect(message).toMatch(/graph\.onnx: is an ONNX graph, which cannot be trained/);
  });

  test('data without a training split', async () => {
    const data = place('only-val');
    await smallDetector(data, [1, 1]);
    await rm(join(data, 'shapes/train.json'));
    await rm(join(data, 'shapes/train'), { recursive: true });
    const images = [join(small.data, 'train')];
    const error = await microYoloError(
      quantize('never', { data: join(data, 'shapes'), images, finetune: 1 }),
    );
    expect(error.message).toMatch(/has no split train, only val; divide it with "micro-yolo dataset split"/);
  });
});
