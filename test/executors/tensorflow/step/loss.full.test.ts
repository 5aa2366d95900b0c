import { expect, test } from 'vitest';
import type { EngineName } from '../../../../src/executors/step/names.ts';
import { createEngine } from '../../../../src/executors/step/select.ts';
import { initializeWeights } from '../../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../../src/models/model.ts';
import { buildDetector } from '../../../../src/network/registry.ts';
import { BENCHMARK_ROOM } from '../../../../src/tasks/benchmark/benchmark-training.ts';
import { BENCHMARK_SCALARS, drawnImages } from '../../../../src/tasks/benchmark/drawn-images.ts';
import { bestAnchor } from '../../../../src/training/assigners/best-anchor.ts';
import { yoloHeads } from '../../../../src/training/heads/targets.ts';
import { detectionBatch } from '../../../../src/training/loader/batch.ts';
import { initialState } from '../../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../../src/training/step/step.ts';
import { backends } from '../backends.ts';

const STEPS = 200;
const BATCH = 2;
const BATCHES = 10;
/** Steps over which the loss is smoothed. */
const WINDOW = 20;

const size = { width: 96, height: 96 };
const network = buildDetector('micro-yolo', { classes: 3, size });
const step = buildTrainingStep(network, { batch: BATCH, truths: BENCHMARK_ROOM, pixels: DEFAULT_RECIPE });
const images = drawnImages(BATCH * BATCHES, size, 3);
const batches = Array.from({ length: BATCHES }, (_, index) => {
  const own = images.slice(index * BATCH, (index + 1) * BATCH);
  return detectionBatch(own, size, yoloHeads(network), bestAnchor, BENCHMARK_ROOM).tensors;
});

async function smoothedLosses(name: EngineName): Promise<readonly number[]> {
  const state = initialState(step, initializeWeights(network, 1));
  await using engine = (await createEngine(step, BATCH, state, { engine: name, threads: 1 })).engine;
  const smoothed: number[] = [];
  for (let index = 0; index < STEPS; index++) {
    const { metrics } = await engine.step(batches[index % BATCHES]!, BENCHMARK_SCALARS);
    const before = smoothed.at(-1) ?? metrics['loss']!;
    smoothed.push(before + (metrics['loss']! - before) / WINDOW);
  }
  return smoothed;
}

test.skipIf(!backends[0].loaded)(
  'over 200 steps the loss on TensorFlow falls as on the compiled engines',
  async () => {
    const expected = await smoothedLosses('auto');
    const found = await smoothedLosses('tensorflow');
    expect(expected.at(-1)!).toBeLessThan(0.8 * expected[0]!);
    expected.forEach((loss, index) => {
      expect(Math.abs(found[index]! / loss - 1), `step ${index}`).toBeLessThan(0.02);
    });
  },
);
