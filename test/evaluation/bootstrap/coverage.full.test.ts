import { expect, test } from 'vitest';
import { drawImages } from '../../../scripts/experiments/simulated-detector.ts';
import { bootstrapMetrics } from '../../../src/evaluation/bootstrap/bootstrap.ts';
import { prepareEvaluation } from '../../../src/evaluation/bootstrap/prepare.ts';
import { evaluateCoco } from '../../../src/evaluation/coco/coco-eval.ts';
import { cocoMetrics } from '../../../src/evaluation/coco/coco-metrics.ts';
import { evaluationInput } from '../../../src/evaluation/input.ts';

const population = { classes: 3, objects: 6, found: 0.6, noise: 6 };

function prepared(seed: number) {
  const { dataset, detections } = drawImages(population, 100, seed);
  return prepareEvaluation(evaluationInput(dataset, detections));
}

test('about 95 of 100 intervals hold the AP of the population', () => {
  const whole = drawImages(population, 3000, 1_000_003);
  const { AP } = cocoMetrics(evaluateCoco(evaluationInput(whole.dataset, whole.detections)));
  let held = 0;
  for (let set = 0; set < 60; set++) {
    const { low, high } = bootstrapMetrics(prepared(set), { resamples: 100, seed: set }).metrics.AP!;
    if (low <= AP && AP <= high) held++;
  }
  // With 60 sets at 95 % each, fewer than 50 has a chance of one in a thousand.
  expect(held).toBeGreaterThanOrEqual(50);
});
