import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { isFile, makeFolder } from '../../../src/foundation/files/folders.ts';
import { readModel } from '../../../src/models/formats/safetensors/model-file.ts';
import {
  type CompressEvent,
  type CompressOptions,
  compressModel,
} from '../../../src/tasks/compress/compress-model.ts';
import { checkDrop } from '../../../src/tasks/compress/outcome.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { lockRun } from '../../../src/tasks/train/run-folder.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { smallDetector } from '../prune/small-detector.ts';

const folder = temporaryFolder();
let small: Awaited<ReturnType<typeof smallDetector>>;

beforeAll(async () => {
  small = await smallDetector(folder, [1, 2, 2, 2]);
});

/** Counted in epochs: how far minutes reach depends on the machine. */
const settings = { batch: 2, engine: 'onnx-plain', maxMinutes: null, epochs: 2 } as const;

const compress = (
  name: string,
  options: Partial<CompressOptions>,
  watch: { signal?: AbortSignal; onEvent?: (event: CompressEvent) => void } = {},
) => {
  const out = join(folder, `${name}.safetensors`);
  const usual = { model: small.model, data: small.data, threads: 1, settings };
  return compressModel({ ...usual, out, ...options }, watch);
};

test('Deep Compression with minutes has every stage with its bytes and AP50, and a file with few distinct values', async () => {
  const { path, stages } = await compress('deep', { sparsity: 0.5, centers: 16, minutes: 1 });
  expect(stages.map(({ stage }) => stage)).toEqual([
    ...['original', 'pruned', 'retrained', 'shared', 'tuned', 'coded'],
  ]);
  expect(stages.every(({ AP50 }) => AP50 !== undefined)).toBe(true);
  expect(stages.at(-1)!.bytes).toBeLessThan(stages[0]!.bytes / 4);
  const { weights } = await readModel(path);
  for (const { shape, data } of weights.values()) {
    if (shape.length < 2 || data.length < 512) continue;
    expect(new Set(data).size).toBeLessThanOrEqual(16);
    expect(data.filter((value) => value === 0).length).toBeGreaterThanOrEqual(Math.floor(data.length / 2));
  }
  const { metrics } = await evaluateModel({ data: small.data, split: 'val', model: path, threads: 1 });
  expect(stages.at(-1)!.AP50).toBe(metrics.AP50);
});

test('distribution shift with minutes trains norms and biases, and no integers', async () => {
  const options = { method: 'shift', bits: 4 } as const;
  const before = await readModel((await compress('integers', options)).path);
  const { path, stages } = await compress('shifts', { ...options, minutes: 1 });
  expect(stages.map(({ stage }) => stage)).toEqual(['original', 'shifted', 'tuned']);
  const after = await readModel(path);
  for (const [name, tensor] of before.weights)
    if (tensor.data.length >= 512) expect(after.weights.get(name)).toEqual(tensor);
});

test('writes nothing if interrupted, and the same call continues', async () => {
  const stop = new AbortController();
  const options = { sparsity: 0.5, minutes: 1 };
  const first = await compress('legs', options, {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'training' && event.event.type === 'step') stop.abort();
    },
  });
  expect([first.reason, await isFile(first.path)]).toEqual(['interrupted', false]);
  const second = await compress('legs', options);
  expect(second.reason).toBe('finished');
  const names = await readdir(join(folder, 'legs.training'));
  expect(names.filter((name) => name.startsWith('zeros') && !name.includes('.'))).toHaveLength(1);
});

test('refuses to train where another process is training', async () => {
  const runs = join(folder, 'locked.training');
  await makeFolder(runs);
  await using _lock = await lockRun(runs);
  const error = await microYoloError(compress('locked', { minutes: 1 }));
  expect(error).toMatchObject({ code: 'locked' });
  expect(error.message).toContain('another process is training there');
});

test.each([
  [{ size: 96 }, 'training: setting size: the command sets it itself; pass `size`'],
  [{ freeze: [] }, 'training: setting freeze: the command sets it itself; leave it out'],
])('refuses the setting %j', async (own, message) => {
  const error = await microYoloError(compress('set', { minutes: 1, settings: { ...settings, ...own } }));
  expect(error.message).toBe(message);
});

test('refuses a larger loss than allowed in one line', () => {
  expect(() => checkDrop(1, 0.5, 0.48)).toThrow(
    /maxDrop 1: AP50 fell from 50\.00 % to 48\.00 %, so nothing is written/,
  );
  expect(() => checkDrop(2, 0.5, 0.48)).not.toThrow();
  expect(() => checkDrop(undefined, 0.5, 0)).not.toThrow();
});
