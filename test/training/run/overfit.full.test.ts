import { join } from 'node:path';
import { expect, test } from 'vitest';
import { subsetDataset } from '../../../src/datasets/edit/subset.ts';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { loadDetector } from '../../../src/detection/detector.ts';
import { DetectionList } from '../../../src/evaluation/detection-list.ts';
import { evaluateDetections } from '../../../src/evaluation/report.ts';
import { createEngine } from '../../../src/executors/step/select.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { networkParameters } from '../../../src/network/parameters.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { yoloHeads } from '../../../src/training/heads/targets.ts';
import { detectionBatch } from '../../../src/training/loader/batch.ts';
import { loadSample } from '../../../src/training/loader/sample.ts';
import { stepScalars } from '../../../src/training/run/scalars.ts';
import { initialState, weightsOf } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { describeWithData } from '../../data-folder.ts';

const SIZE = { width: 256, height: 256 };
const ROOM = 32;
const STEPS = 300;
describeWithData('four memorized photos', (data) => {
  test('reach AP50 1.0 on themselves through the real loss', async () => {
    const settings = resolveSettings({ data: '' }, 'test');
    const whole = await loadDataset(join(data, 'coco-mini/train.json'), {
      imageFolder: join(data, 'coco-mini/train'),
    });
    const dataset = subsetDataset(whole, { classes: ['person', 'dog', 'horse'], images: 4, seed: 9 });
    const classes = dataset.categories.map(({ name }) => name);
    const network = buildDetector('micro-yolo', { classes: classes.length, size: SIZE });
    const heads = yoloHeads(network);
    const images = await Promise.all(
      dataset.images.map((_, index) => loadSample(dataset, index, DEFAULT_RECIPE, SIZE)),
    );
    const { tensors, overflow } = detectionBatch(images, SIZE, heads, bestAnchor, ROOM);
    expect(overflow).toBe(0);

    const step = buildTrainingStep(network, {
      batch: 4,
      truths: ROOM,
      average: false,
      pixels: DEFAULT_RECIPE,
      optimizer: settings.optimizer.kind,
      loss: { assigner: 'dense' },
    });
    const start = initialState(step, initializeWeights(network, 1));
    await using engine = (await createEngine(step, 4, start)).engine;
    for (let index = 0; index < STEPS; index++) {
      const moment = { progress: index / STEPS, step: index, updates: index };
      const given = stepScalars(settings, moment);
      const scalars = Object.fromEntries(step.scalars.map((name) => [name, given[name]!]));
      const { accepted } = await engine.step(tensors, scalars);
      expect(accepted).toBe(true);
    }
    const weights = weightsOf(networkParameters(network), await engine.readState());
    const model = { network, weights, classes, recipe: DEFAULT_RECIPE, provenance: {} };
    await using detector = await loadDetector(model);
    const found = new DetectionList();
    for (const { id, fileName } of dataset.images) {
      const source = join(dataset.imageFolder, fileName);
      for (const { classId, box, score } of await detector.detect(source, { scoreThreshold: 0.001 })) {
        found.add(id, dataset.categories[classId]!.id, box, score);
      }
    }
    const { metrics } = evaluateDetections(dataset, found);
    expect(metrics.AP50).toBe(1);
  });
});
