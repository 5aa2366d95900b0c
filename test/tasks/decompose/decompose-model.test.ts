import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFile } from '../../../src/foundation/files/folders.ts';
import { readModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { networkCost } from '../../../src/network/cost.ts';
import {
  type DecomposeEvent,
  type DecomposeOptions,
  decomposeModel,
} from '../../../src/tasks/decompose/decompose-model.ts';
import { smallestWithin } from '../../../src/tasks/decompose/smallest-within.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { smallDetector } from '../prune/small-detector.ts';

const folder = temporaryFolder();
let small: Awaited<ReturnType<typeof smallDetector>>;

beforeAll(async () => {
  small = await smallDetector(folder, [1, 1, 2, 4, 4, 4]);
});

/** Counted in epochs: how far minutes reach depends on the machine. */
const TRAINING = {
  minutes: 1,
  settings: { batch: 2, engine: 'onnx-plain', maxMinutes: null, epochs: 2 },
} as const;

const decompose = (
  name: string,
  options: Partial<DecomposeOptions> = {},
  watch: { signal?: AbortSignal; onEvent?: (event: DecomposeEvent) => void } = {},
) =>
  decomposeModel(
    { model: small.model, threads: 1, parameters: 0.6, out: join(folder, `${name}.safetensors`), ...options },
    watch,
  );

test('the file has the reported number of parameters, and every rank consists of whole blocks', async () => {
  const { path, bytes, parameters, layers, block, AP50 } = await decompose('plain');
  const { network } = await readModel(path);
  expect(bytes).toBe((await stat(path)).size);
  expect(networkCost(network).parameters.trainable).toBe(parameters[1]);
  expect(parameters[1]).toBeLessThanOrEqual(0.6 * parameters[0]);
  expect(layers.every(({ ranks }) => ranks.every((rank) => rank % block === 0))).toBe(true);
  expect(AP50).toBeUndefined();
});

test('with data, reports AP50 before and after, and val agrees for the file', async () => {
  const weighed: string[] = [];
  const onEvent = (event: DecomposeEvent) => {
    if (event.type === 'layer' && event.step === 'weighing') weighed.push(event.layer);
  };
  const { path, AP50 } = await decompose('measured', { data: small.data }, { onEvent });
  expect(weighed.length).toBeGreaterThan(0);
  const { metrics } = await evaluateModel({ data: small.data, split: 'val', model: path, threads: 1 });
  expect(AP50!.decomposed).toBe(metrics.AP50);
});

describe('with minutes', () => {
  test('also trains kernels that are not square', async () => {
    const methods = ['spatial', 'svd'] as const;
    const options = { data: small.data, methods, ...TRAINING };
    const { reason, layers, AP50, path } = await decompose('tuned', options);
    expect(reason).toBe('finished');
    expect(layers.map(({ method }) => method)).toContain('spatial');
    expect(AP50!.tuned).toBeGreaterThanOrEqual(0);
    expect(await isFile(path)).toBe(true);
  });

  test('writes nothing if interrupted, and the same call continues', async () => {
    const stop = new AbortController();
    const options = { data: small.data, ...TRAINING };
    const first = await decompose('legs', options, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'training' && event.event.type === 'step') stop.abort();
      },
    });
    expect(first.reason).toBe('interrupted');
    expect(await isFile(first.path)).toBe(false);
    const runs = async () =>
      (await readdir(join(folder, 'legs.training'))).filter((name) => !name.includes('.'));
    const before = await runs();
    const second = await decompose('legs', options);
    expect([second.reason, await runs()]).toEqual(['finished', before]);
  });
});

test('writes nothing after a larger loss than allowed', async () => {
  // The untrained detector finds little, by chance. A negative drop cannot be requested, so the limit is tested directly.
  const error = await microYoloError(smallestWithin(2, async () => 0.5));
  expect(error.message).toMatch(/maxDrop: even at 95 % of the cost, AP50 falls below 200\.00 %/);
});

test('finds the smallest share within a limit to a twentieth', async () => {
  const tried: number[] = [];
  const share = await smallestWithin(0.3, async (each) => {
    tried.push(each);
    return each / 2;
  });
  expect(share).toBe(0.6);
  expect(tried.length).toBeLessThan(7);
});

test.each([
  [{ parameters: undefined }, /no target/],
  [{ macs: 0.5 }, /cannot be combined/],
  [{ minutes: 1 }, /minutes: needs data/],
  [{ ranks: 'sensitivity' as const }, /ranks sensitivity: needs data/],
  [{ parameters: 0.001 }, /parameters 0\.001: expected/],
  [{ data: 'nowhere' }, /nowhere: no such file/],
  [{ data: 'd', split: 'test', minutes: 1 }, /split test: a split that selects the model cannot test it/],
  [{ out: 'low.onnx' }, /expected a name that ends in \.safetensors/],
])('%j is refused', async (options, message) => {
  const error = await microYoloError(decompose('refused', options));
  expect(error.message).toMatch(message);
});
