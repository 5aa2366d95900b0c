/**
 * What the loader adds to training: steps on batches that it makes (images cached, augmented in a thread) compared with
 * steps on one ready-made batch, alternately; and CPU time per image.
 * `npx tsx scripts/benchmarks/training/loader.ts [ROUNDS] [--save]`, on BCCD at 320 px, batch 8.
 */

import { loadDataset } from '../../../src/datasets/open/description.ts';
import { createEngine } from '../../../src/executors/step/select.ts';
import { median } from '../../../src/foundation/timing/median.ts';
import { grayLevel } from '../../../src/image/recipe/recipe.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { BENCHMARK_SCALARS } from '../../../src/tasks/benchmark/drawn-images.ts';
import { cleanAugmentation } from '../../../src/training/augmentation/clean.ts';
import { AUGMENTATION_DEFAULTS } from '../../../src/training/augmentation/options.ts';
import { Loader } from '../../../src/training/loader/loader.ts';
import { objectsByImage } from '../../../src/training/loader/objects.ts';
import { fillStore } from '../../../src/training/loader/store/fill.ts';
import { initialState } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { dataPath } from '../../data-folder.ts';
import { numbers } from '../../numbers.ts';
import { saveResults } from '../results.ts';

const [rounds] = numbers(5);
const STEPS = 8;
const BATCH = 8;
const ROOM = 64;
const SIZE = { width: 320, height: 320 };

const dataset = await loadDataset(dataPath('bccd'), { split: 'train', onProblem: () => {} });
const { images, imageFolder } = dataset;
const { handle, usable } = await fillStore({ images, imageFolder, side: 320, cache: 'memory', folder: '.' });
const network = buildDetector('micro-yolo', { classes: dataset.categories.length, size: SIZE });
const step = buildTrainingStep(network, { batch: BATCH, truths: ROOM, pixels: DEFAULT_RECIPE });
const { engine } = await createEngine(step, BATCH, initialState(step, initializeWeights(network, 1)));
await using loader = new Loader({
  store: handle,
  objects: objectsByImage(dataset),
  usable,
  network,
  assigner: 'best-anchor',
  room: ROOM,
  augmentation: { ...AUGMENTATION_DEFAULTS, mosaic: 1 },
  cleanAugmentation: cleanAugmentation(AUGMENTATION_DEFAULTS),
  fill: grayLevel(DEFAULT_RECIPE.fill),
  batch: BATCH,
  seed: 1,
  shapeOf: () => ({ input: SIZE, clean: false }),
});

const ready = await loader.next();
const alone: number[] = [];
const loaded: number[] = [];
const making: number[] = [];
for (let round = 0; round <= rounds; round++) {
  // During these the loader has made its batches ahead, and idles.
  for (let index = 0; index < STEPS; index++) {
    const started = performance.now();
    await engine.step(ready.tensors, BENCHMARK_SCALARS);
    if (round > 0) alone.push(performance.now() - started);
  }
  let next = loader.next();
  for (let index = 0; index < 2 * STEPS; index++) {
    const started = performance.now();
    const batch = await next;
    next = loader.next();
    await engine.step(batch.tensors, BENCHMARK_SCALARS);
    // The first ones find batches made ahead.
    if (round > 0 && index >= STEPS) {
      loaded.push(performance.now() - started);
      making.push(batch.milliseconds / BATCH);
    }
  }
}
await engine[Symbol.asyncDispose]();
const [withoutLoader, withLoader] = [median(alone), median(loaded)];
const results = {
  step: withoutLoader,
  stepWithLoader: withLoader,
  ratio: withLoader / withoutLoader,
  coreMillisecondsAnImage: median(making),
};
console.log(results);
saveResults('loader', results);
