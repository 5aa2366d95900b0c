import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENGINES, type EngineName } from '../../../src/executors/step/names.ts';
import { createEngine } from '../../../src/executors/step/select.ts';
import type { TrainingEngine } from '../../../src/executors/step/step-executor.ts';
import type { Tensors } from '../../../src/graph/operations.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { BENCHMARK_ROOM } from '../../../src/tasks/benchmark/benchmark-training.ts';
import { BENCHMARK_SCALARS, drawnImages } from '../../../src/tasks/benchmark/drawn-images.ts';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { yoloHeads } from '../../../src/training/heads/targets.ts';
import { detectionBatch } from '../../../src/training/loader/batch.ts';
import { initialState } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { stepCase } from '../../training/step/step-cases.ts';

const { step, state, runs } = stepCase('a batch of 2');
const [{ batch, scalars }] = runs as [(typeof runs)[number]];
const create = async (engine: EngineName, start: Tensors = state): Promise<TrainingEngine> =>
  (await createEngine(step, 2, start, { engine, threads: 1 })).engine;

/** The engines of this machine; the reason why others are missing is printed once. */
const engines: EngineName[] = [];
for (const engine of ENGINES.filter((name) => name !== 'auto')) {
  await create(engine).then(
    async (created) => {
      await created[Symbol.asyncDispose]();
      engines.push(engine);
    },
    (error: Error) => console.warn(`not tested: ${error.message}`),
  );
}
/** If a CPU computes in place of a GPU, these take minutes for a network of usual size. */
const natives = engines.filter((name) => !name.endsWith('webgpu'));

const contents = (tensors: Tensors) =>
  Object.fromEntries([...tensors].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));

describe.each(engines)('the engine %s', (name) => {
  let engine: TrainingEngine;
  beforeAll(async () => {
    engine = await create(name);
  });
  beforeEach(() => engine.writeState(state));
  afterAll(() => engine[Symbol.asyncDispose]());

  test('returns the state it was given, under the same names', async () => {
    await using engine = await create(name);
    expect(contents(await engine.readState())).toEqual(contents(state));
  });

  test('accepts single tensors and keeps the rest', async () => {
    const [first, tensor] = [...state][0]!;
    const changed = { shape: tensor.shape, data: tensor.data.map((value) => value + 1) };
    await engine.writeState(new Map([[first, changed]]));
    expect(contents(await engine.readState())).toEqual(contents(new Map([...state, [first, changed]])));
  });

  test('updates every tensor of the state', async () => {
    const { accepted, metrics } = await engine.step(batch, scalars);
    expect(accepted).toBe(true);
    expect(metrics['loss']).toBeGreaterThan(0);
    const after = await engine.readState();
    const still = [...state].filter(([key, { data }]) => `${after.get(key)!.data}` === `${data}`);
    expect(still.map(([key]) => key)).toEqual([]);
  });

  test('computes the same from the same state twice', async () => {
    await engine.step(batch, scalars);
    const first = contents(await engine.readState());
    await engine.writeState(state);
    await engine.step(batch, scalars);
    expect(contents(await engine.readState())).toEqual(first);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'reports an image of %d and leaves the state untouched',
    async (value) => {
      const image = { ...batch['image']!, data: new Float32Array(batch['image']!.data).fill(value, 0, 5) };
      const { accepted, metrics } = await engine.step({ ...batch, image }, scalars);
      expect([accepted, metrics['finite']]).toEqual([false, 0]);
      expect(contents(await engine.readState())).toEqual(contents(state));
      expect((await engine.step(batch, scalars)).accepted).toBe(true);
    },
  );

  test('names a scalar that is missing', async () => {
    const { momentum: _, ...rest } = scalars as Record<string, number>;
    await expect(engine.step(batch, rest)).rejects.toThrow('scalar momentum is missing');
  });

  test('names an input with a wrong shape', async () => {
    const image = { shape: [1, 3, 32, 32], data: new Float32Array(3 * 32 * 32) };
    await expect(engine.step({ ...batch, image }, scalars)).rejects.toThrow(
      'image: 1×3×32×32 with 3072 values, the step expects 2×3×32×32',
    );
    const short = { shape: [2, 3, 32, 32], data: new Float32Array(8) };
    await expect(engine.step({ ...batch, image: short }, scalars)).rejects.toThrow(
      'image: 2×3×32×32 with 8 values, the step expects 2×3×32×32',
    );
  });

  test('refuses state with a wrong shape or name', async () => {
    const [first, { shape }] = [...state][0]!;
    const tensor = { shape: [1], data: Float32Array.of(1) };
    await expect(engine.writeState(new Map([[first, tensor]]))).rejects.toThrow(
      `state ${first}: 1 with 1 values, the step expects ${shape.join('×')}`,
    );
    await expect(engine.writeState(new Map([['no.such', tensor]]))).rejects.toThrow(
      'state no.such: the step has no such tensor',
    );
  });

  test('takes only what the step needs, and still works after values that cannot be sent', async () => {
    const more = { ...batch, note: { shape: [], data: new Float32Array(1), of: () => {} } };
    expect((await engine.step(more, scalars)).accepted).toBe(true);
    const image = { ...batch['image']!, of: () => {} };
    await expect(engine.step({ ...batch, image }, scalars)).rejects.toThrow('could not be cloned');
    expect((await engine.step(batch, scalars)).accepted).toBe(true);
  });

  test('can be disposed twice, and using it afterward throws', async () => {
    const engine = await create(name);
    await engine[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    await expect(engine.step(batch, scalars)).rejects.toThrow('disposed');
  });

  test.runIf(natives.includes(name))("lets the caller's timers run during a step", async () => {
    const size = { width: 160, height: 160 };
    const network = buildDetector('micro-yolo', { classes: 3, size });
    const images = drawnImages(4, size, 3);
    const { tensors } = detectionBatch(images, size, yoloHeads(network), bestAnchor, BENCHMARK_ROOM);
    const large = buildTrainingStep(network, { batch: 4, truths: BENCHMARK_ROOM, pixels: DEFAULT_RECIPE });
    const start = initialState(large, initializeWeights(network, 1));
    await using engine = (await createEngine(large, 4, start, { engine: name })).engine;
    const happened: string[] = [];
    setTimeout(() => happened.push('timer'), 0);
    await engine.step(tensors, BENCHMARK_SCALARS);
    expect(happened).toEqual(['timer']);
  });
});

const relative = (a: number, b: number) => Math.abs(a / b - 1);

describe.each(engines)('a run started on onnx-plain', (name) => {
  test(`continues on ${name}, and back`, async () => {
    await using plain = await create('onnx-plain');
    await plain.step(batch, scalars);
    await using other = await create(name, await plain.readState());
    const [expected, found] = [await plain.step(batch, scalars), await other.step(batch, scalars)];
    expect(relative(found.metrics['loss']!, expected.metrics['loss']!)).toBeLessThan(1e-5);
    await plain.writeState(await other.readState());
    const [after, alike] = [await other.step(batch, scalars), await plain.step(batch, scalars)];
    expect(relative(alike.metrics['loss']!, after.metrics['loss']!)).toBeLessThan(1e-5);
  });
});
