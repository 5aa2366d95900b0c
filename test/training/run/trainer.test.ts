import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Dataset } from '../../../src/datasets/dataset.ts';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { loadTeacher } from '../../../src/tasks/train/teacher/teacher.ts';
import {
  CHECKPOINT_FILE,
  PREVIOUS_CHECKPOINT_FILE,
  readCheckpoint,
} from '../../../src/training/run/checkpoint.ts';
import type { TrainingEvent } from '../../../src/training/run/events.ts';
import { BEST_FILE, LAST_FILE } from '../../../src/training/run/files.ts';
import type { TrainingRun } from '../../../src/training/run/run.ts';
import { train } from '../../../src/training/run/trainer.ts';
import { backends } from '../../executors/tensorflow/backends.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { drawnDataset, tinyRun } from './tiny-run.ts';

let dataset: Dataset;
beforeAll(async () => {
  dataset = await drawnDataset(temporaryFolder());
});

type Settings = Readonly<Record<string, unknown>>;

async function newRun(settings: Settings = {}): Promise<TrainingRun> {
  return tinyRun(dataset, temporaryFolder(), settings);
}

/** Trains until an event, then stops like an interrupted run. */
async function trainUntil(run: TrainingRun, isEnd: (event: TrainingEvent) => boolean) {
  const stop = new AbortController();
  return train({ ...run, signal: stop.signal }, (event) => {
    if (isEnd(event)) stop.abort();
  });
}

const resumed = async (run: TrainingRun): Promise<TrainingRun> => ({
  ...run,
  resume: await readCheckpoint(run.folder),
});

/** What must be equal in two runs; times differ. */
async function outcome({ folder }: TrainingRun) {
  const { run, state } = await readCheckpoint(folder);
  const { seconds, reading, history, ...rest } = run;
  const rows = history.map(({ seconds, imagesPerSecond, ...row }) => row);
  return { ...rest, rows, state };
}

describe('a training run', () => {
  test('reports what happens, and leaves a checkpoint and two models', async () => {
    const run = await newRun();
    const events: TrainingEvent[] = [];
    const result = await train(run, (event) => events.push(event));
    expect(result).toMatchObject({ reason: 'finished', epochs: 3, steps: 12, best: undefined });
    const types = [...new Set(events.map(({ type }) => type))];
    expect(types).toEqual(['engine', 'reading', 'image', 'started', 'batch', 'step', 'checkpoint', 'epoch']);
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(12);
    expect(result.history.map((row) => row['step'])).toEqual([4, 8, 12]);
    const last = await readModel(join(run.folder, LAST_FILE));
    expect(last.classes).toEqual(['circle', 'square']);
    const best = await readFile(join(run.folder, BEST_FILE));
    expect(best.equals(await readFile(join(run.folder, LAST_FILE)))).toBe(true);
    // A checkpoint is a model too: with the weights, not with their average.
    const { state } = await readCheckpoint(run.folder);
    const current = await readModel(join(run.folder, CHECKPOINT_FILE));
    expect(current.weights.get('logits.weight')).toEqual(state.get('logits.weight'));
    expect(last.weights.get('logits.weight')).toEqual({
      ...state.get('average/logits.weight'),
    });
  });

  test('saves an epoch before it reports it', async () => {
    const run = await newRun({ epochs: 1 });
    const training = train(run, (event) => {
      if (event.type === 'epoch') throw new Error('no reader');
    });
    await expect(training).rejects.toThrow('no reader');
    expect((await readCheckpoint(run.folder)).run.history).toHaveLength(1);
  });

  test('also trains dropout layers, down to a head with one cell', async () => {
    const model = tinyModel();
    const builder = new NetworkBuilder([3, 32, 32]);
    for (const layer of model.network.layers) {
      if (layer.name === 'logits') builder.dropout('drop', layer.inputs[0]!, 0.5);
      builder.add(layer.name === 'logits' ? { ...layer, inputs: ['drop'] } : layer);
    }
    const run = { ...(await newRun({ size: 32, epochs: 1 })), network: builder.build('dropping') };
    const { history } = await train(run);
    expect(history[0]!['loss']).toBeGreaterThan(0);
    const { state } = await readCheckpoint(run.folder);
    expect(state.get('logits.weight')).not.toEqual(model.weights.get('logits.weight'));
  });

  test('refuses to accumulate more steps than there are', async () => {
    const run = await newRun({ accumulate: 13 });
    await expect(train(run)).rejects.toThrow(
      'accumulate 13: the run has 12 steps and would learn nothing; expected at most 12',
    );
  });

  test('learns from its first step', async () => {
    const run = await newRun({ batch: 7, epochs: 1 });
    await train(run);
    const { state } = await readCheckpoint(run.folder);
    expect(state.get('logits.weight')!.data).not.toEqual(run.weights.get('logits.weight')!.data);
  });

  test('finds out before the run that its largest size does not fit into memory', async () => {
    const run = await newRun({ batch: 64, multiScale: { sizes: [64, 8192], every: 50 } });
    await expect(train(run)).rejects.toThrow(/^batch 64: a step needs about \d+ MiB/);
  });

  test('is the same for the same seed, and differs for another', async () => {
    const [a, b, c] = [await newRun(), await newRun({ workers: 2 }), await newRun({ seed: 2 })];
    for (const run of [a, b, c]) await train(run);
    const expected = await outcome(a);
    expect({ ...(await outcome(b)), settings: '' }).toEqual({ ...expected, settings: '' });
    expect((await outcome(c)).state).not.toEqual(expected.state);
  });

  test.each<[string, Settings]>([
    ['sgd', { optimizer: { kind: 'sgd', learningRate: 0.01 } }],
    ['adamW over accumulated gradients', { optimizer: { kind: 'adamW', learningRate: 1e-3 }, accumulate: 3 }],
    [
      'input sizes in turn',
      {
        multiScale: { sizes: [32, 64, 96], every: 50 },
        ...{ epochs: 26, cleanShare: 0, checkpointMinutes: 60 },
      },
    ],
  ])('resumes bit for bit after repeated stops: %s', async (_, settings) => {
    const whole = await newRun(settings);
    await train(whole);
    const pieces = await newRun(settings);
    const { steps } = await trainUntil(pieces, (event) => event.type === 'step' && event.step === 3);
    expect(steps).toBe(3);
    const second = await resumed(pieces);
    await trainUntil(second, (event) => event.type === 'step' && event.step === 4);
    await train(await resumed(second));
    expect(await outcome(pieces)).toEqual(await outcome(whole));
  });

  test("resumes bit for bit with a teacher's predictions and hints", async () => {
    const path = join(temporaryFolder(), 'teacher.safetensors');
    await writeModel(path, tinyModel());
    const hints = { 'block4.act': 'block4.norm' };
    await using teacher = await loadTeacher(path, dataset, 1, Object.values(hints));
    const taught = async () => ({
      ...(await newRun({ teacher: path, loss: { gains: { hint: 1 } }, hints })),
      teacher,
    });
    const [whole, pieces] = [await taught(), await taught()];
    await train(whole);
    await trainUntil(pieces, (event) => event.type === 'step' && event.step === 3);
    await train(await resumed(pieces));
    expect(await outcome(pieces)).toEqual(await outcome(whole));
    expect((await outcome(whole)).rows[0]!['loss.hint']).toBeGreaterThan(0);
  });

  test.skipIf(!backends[0].loaded)('resumes on another engine than it started on, and says so', async () => {
    const whole = await newRun();
    await train(whole);
    const pieces = await newRun();
    await trainUntil(pieces, (event) => event.type === 'step' && event.step === 6);
    const moved = tinyRun(dataset, pieces.folder, { engine: 'tensorflow' });
    const events: TrainingEvent[] = [];
    await train(await resumed(moved), (event) => events.push(event));
    expect(events.slice(0, 3)).toMatchObject([
      { type: 'note', message: 'threads 1: ignored, because tensorflow chooses its own number' },
      { type: 'engine', engine: 'tensorflow' },
      {
        type: 'note',
        message: expect.stringContaining('started on onnx-plain and continues on tensorflow'),
      },
    ]);
    const [found, expected] = [await outcome(pieces), await outcome(whole)];
    for (const [epoch, row] of expected.rows.entries()) {
      expect(Math.abs(found.rows[epoch]!['loss']! / row['loss']! - 1)).toBeLessThan(1e-3);
    }
  });

  test('uses the previous checkpoint if the newest is damaged, and says so', async () => {
    const run = await newRun();
    await train(run);
    const path = join(run.folder, CHECKPOINT_FILE);
    const bytes = await readFile(path);
    bytes[bytes.length - 1000]! ^= 1;
    await writeFile(path, bytes);
    const found = await readCheckpoint(run.folder);
    expect(found.problem).toContain(`${path}: damaged`);
    expect(found.run.step).toBeLessThan(12);
    await rm(path);
    expect((await readCheckpoint(run.folder)).problem).toContain('no such file');
    await writeFile(join(run.folder, PREVIOUS_CHECKPOINT_FILE), 'nothing');
    await expect(readCheckpoint(run.folder)).rejects.toThrow(`${path}: no such file`);
  });

  test('keeps the model with the best mAP', async () => {
    const run = await newRun({ evaluateEvery: 1 });
    const values = [0.2, 0.5, 0.4];
    const result = await train({ ...run, evaluate: async (_, epoch) => ({ AP: values[epoch - 1]! }) });
    expect(result.best).toEqual({ value: 0.5, epoch: 2 });
    const [best, last] = [BEST_FILE, LAST_FILE].map((name) => readFile(join(run.folder, name)));
    expect((await best!).equals(await last!)).toBe(false);
  });

  test('stops when nothing improves any more', async () => {
    const run = await newRun({ evaluateEvery: 1, patience: 2, epochs: 50 });
    const result = await train({ ...run, evaluate: async (_, epoch) => ({ AP: epoch === 1 ? 0.5 : 0.4 }) });
    expect(result).toMatchObject({ reason: 'no-better', epochs: 3, best: { value: 0.5, epoch: 1 } });
    expect(await train(await resumed(run))).toMatchObject({ reason: 'no-better', epochs: 3, steps: 12 });
  });

  test('takes the last model as the best if nothing could be evaluated', async () => {
    const run = await newRun({ evaluateEvery: 1 });
    const result = await train({ ...run, evaluate: async () => undefined });
    expect(result).toMatchObject({ reason: 'finished', steps: 12, best: undefined });
    const [best, last] = await Promise.all(
      [BEST_FILE, LAST_FILE].map((file) => readFile(join(run.folder, file))),
    );
    expect(best!.equals(last!)).toBe(true);
  });

  test('resumes with the images that it started with, wherever they are now', async () => {
    const folder = temporaryFolder();
    const own = await drawnDataset(folder, 9);
    await writeFile(join(folder, '4.png'), 'no image');
    const begin = async () => tinyRun(own, temporaryFolder(), { batch: 4, cache: 'memory' });
    const [whole, pieces] = [await begin(), await begin()];
    await train(whole);
    await trainUntil(pieces, (event) => event.type === 'step' && event.step === 3);
    const changed = { ...(await resumed(pieces)), settings: { ...pieces.settings, cache: 'none' as const } };
    await train(changed);
    expect(await outcome(pieces)).toEqual(await outcome(whole));
    expect((await readCheckpoint(whole.folder)).run.unusable).toEqual([4]);
  });

  test('stops at once if interrupted while images are read', async () => {
    const stop = new AbortController();
    let read = 0;
    const run = { ...(await newRun({ cache: 'disk' })), signal: stop.signal };
    const training = train(run, (event) => {
      if (event.type !== 'image') return;
      read++;
      stop.abort();
    });
    await expect(training).rejects.toThrow(/^interrupted while reading images/);
    expect(read).toBeLessThan(dataset.images.length);
    expect(await readdir(run.folder)).toEqual([]);
  });

  test('fits into the given minutes', async () => {
    const run = await newRun({ maxMinutes: 60 });
    const rates: number[] = [];
    const now = performance.now.bind(performance);
    // Each step takes three minutes.
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 180_000 * rates.length);
    try {
      const result = await train(run, (event) => {
        if (event.type === 'step') rates.push(event.learningRate);
      });
      expect(result).toMatchObject({ reason: 'finished', steps: 20 });
      expect(result.seconds).toBeGreaterThanOrEqual(3600);
      expect(rates.at(-1)).toBeLessThan(0.1 * Math.max(...rates));
    } finally {
      clock.mockRestore();
    }
  });

  test('starts the schedule of a time-limited run after its images are read', async () => {
    const run = await newRun({ maxMinutes: 60 });
    const rates: number[] = [];
    let isRead = false;
    const now = performance.now.bind(performance);
    // Reading takes twenty minutes, and each step takes one.
    const clock = vi
      .spyOn(performance, 'now')
      .mockImplementation(() => now() + 60_000 * ((isRead ? 20 : 0) + rates.length));
    try {
      const result = await train(run, (event) => {
        if (event.type === 'image') isRead = true;
        if (event.type === 'step') rates.push(event.learningRate);
      });
      expect(result.steps).toBe(40);
      expect(rates[0]).toBeLessThan(0.7 * Math.max(...rates));
    } finally {
      clock.mockRestore();
    }
  });

  test('evaluates the last weights if time runs out between two epochs', async () => {
    const run = await newRun({ maxMinutes: 1, evaluateEvery: 0 });
    const evaluate = async () => ({ AP: 0.5 });
    let isOver = false;
    const now = performance.now.bind(performance);
    // The clock jumps after the first epoch, which was not expected to be the last.
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + (isOver ? 120_000 : 0));
    try {
      const { history, best } = await train({ ...run, evaluate }, (event) => {
        if (event.type === 'epoch') isOver = true;
      });
      expect(history.map((row) => row['AP'])).toEqual([undefined, 0.5]);
      expect(best).toMatchObject({ epoch: 2 });
    } finally {
      clock.mockRestore();
    }
  });

  test('stops if the loss is NaN or infinite, names the images and keeps the previous state', async () => {
    const run = await newRun({
      optimizer: { kind: 'sgd', learningRate: 1e30, clipNorm: 1e30 },
      schedule: { warmup: 0 },
    });
    const failure = train(run);
    await expect(failure).rejects.toThrow(
      /^step \d+: the loss is NaN or infinite \(loss .*image ids 1\d, 1\d\)/,
    );
    await expect(failure).rejects.toMatchObject({ code: 'diverged' });
    const { state } = await readCheckpoint(run.folder);
    for (const [name, { data }] of state) expect(data.every(Number.isFinite), name).toBe(true);
  });

  test('continues if the disk does not accept a checkpoint, and reports at the end that there is none', async () => {
    const run = await newRun();
    const events: TrainingEvent[] = [];
    const folder = join(run.folder, 'gone');
    const training = train({ ...run, folder }, (event) => events.push(event));
    await expect(training).rejects.toThrow(/gone\/.*cannot be written/);
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(12);
    const failed = events.filter((event) => event.type === 'checkpoint-failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]!.message).toContain('cannot be written');
  });
});
