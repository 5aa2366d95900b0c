import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type CocoEvaluation, evaluateCoco } from '../../../src/evaluation/coco/coco-eval.ts';
import { cocoMetrics } from '../../../src/evaluation/coco/coco-metrics.ts';
import { DetectionList } from '../../../src/evaluation/detection-list.ts';
import { evaluationInput } from '../../../src/evaluation/input.ts';
import { type CocoFile, type CocoResult, cocoDataset as dataset, detectionList } from './coco-files.ts';

interface Golden {
  readonly name: string;
  readonly settings: { readonly useCats?: 0; readonly iouThrs?: number[]; readonly maxDets?: number[] };
  readonly truth: CocoFile;
  readonly detections: readonly CocoResult[];
  readonly stats: readonly number[] | null;
  /** Means over the recall levels, [T, K, A, M]. */
  readonly precision: readonly number[];
  readonly scores: readonly number[];
  readonly recall: readonly number[];
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('../fixtures/coco-eval.json', import.meta.url), 'utf8'),
);

function evaluate({ truth, detections, settings }: Golden): CocoEvaluation {
  return evaluateCoco(evaluationInput(dataset(truth), detectionList(detections)), {
    ...(settings.useCats === 0 ? { useCategories: false } : {}),
    ...(settings.iouThrs ? { iouThresholds: settings.iouThrs } : {}),
    ...(settings.maxDets ? { maxDetections: settings.maxDets } : {}),
  });
}

/** Means over the recall levels of a [T, R, K, A, M] array. */
function overLevels(values: Float64Array, { settings, categoryIds }: CocoEvaluation): number[] {
  const [T, R] = [settings.iouThresholds.length, settings.recallLevels.length];
  const inner = categoryIds.length * settings.areaRanges.length * settings.maxDetections.length;
  return Array.from({ length: T * inner }, (_, index) => {
    const [t, rest] = [Math.floor(index / inner), index % inner];
    let sum = 0;
    for (let r = 0; r < R; r++) sum += values[(t * R + r) * inner + rest]!;
    return sum / R;
  });
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
  expect(worst).toBeLessThan(1e-9);
}

describe.for(goldens)('$name, against pycocotools', (golden) => {
  const evaluation = evaluate(golden);

  test('precision is the same', () =>
    expectClose(overLevels(evaluation.precision, evaluation), golden.precision));
  test('recall is the same', () => expectClose(evaluation.recall, golden.recall));
  test('scores are the same', () => expectClose(overLevels(evaluation.scores, evaluation), golden.scores));
});

test.for(goldens.filter(({ stats }) => stats))('$name: the twelve numbers are the same', (golden) => {
  expectClose(Object.values(cocoMetrics(evaluate(golden))), golden.stats!);
});

test('without detections, every number that has true boxes is 0', () => {
  const evaluation = evaluateCoco(evaluationInput(dataset(goldens[0]!.truth), new DetectionList()));
  expect(cocoMetrics(evaluation)).toMatchObject({ AP: 0, AP50: 0, AR100: 0 });
});

test('without true boxes, every number is −1', () => {
  const empty = { ...goldens[0]!.truth, annotations: [] };
  const evaluation = evaluateCoco(evaluationInput(dataset(empty), detectionList(goldens[0]!.detections)));
  expect(new Set(Object.values(cocoMetrics(evaluation)))).toEqual(new Set([-1]));
});

test('names an unknown image of a detection', () => {
  const list = detectionList([
    ...goldens[0]!.detections.slice(0, 2),
    { image_id: 5000, category_id: 1, bbox: [0, 0, 1, 1], score: 1 },
  ]);
  expect(() => evaluationInput(dataset(goldens[0]!.truth), list)).toThrow(
    'detections: [2]: image_id 5000 is not an image of the data set',
  );
});
