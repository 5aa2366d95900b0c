import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../src/datasets/dataset.ts';
import { type CocoEvaluation, evaluateCoco } from '../../src/evaluation/coco-eval.ts';
import { cocoMetrics } from '../../src/evaluation/coco-metrics.ts';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { evaluationInput } from '../../src/evaluation/input.ts';

interface CocoFile {
  readonly images: readonly { readonly id: number }[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  readonly annotations: readonly {
    readonly id: number;
    readonly image_id: number;
    readonly category_id: number;
    readonly bbox: [number, number, number, number];
    readonly area: number;
    readonly iscrowd: number;
  }[];
}
interface Golden {
  readonly name: string;
  readonly settings: { readonly useCats?: 0; readonly iouThrs?: number[]; readonly maxDets?: number[] };
  readonly truth: CocoFile;
  readonly detections: readonly { image_id: number; category_id: number; bbox: number[]; score: number }[];
  readonly stats: readonly number[] | null;
  /** Means over the recall levels, [T, K, A, M]. */
  readonly precision: readonly number[];
  readonly scores: readonly number[];
  readonly recall: readonly number[];
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('fixtures/coco-eval.json', import.meta.url), 'utf8'),
);

function dataset({ images, categories, annotations }: CocoFile): Dataset {
  const place = (list: readonly { id: number }[], id: number) => list.findIndex((entry) => entry.id === id);
  const rows = annotations.map(({ id, image_id, category_id, bbox, area, iscrowd }) => ({
    id,
    image: place(images, image_id),
    category: place(categories, category_id),
    box: bbox,
    area,
    crowd: iscrowd === 1,
  }));
  const records = images.map(({ id }) => ({ id, fileName: `${id}.jpg`, width: 640, height: 480 }));
  return { images: records, categories, annotations: annotationTable(rows), imageFolder: '', extra: {} };
}

function detectionList(detections: Golden['detections']): DetectionList {
  const list = new DetectionList();
  for (const { image_id, category_id, bbox, score } of detections)
    list.add(image_id, category_id, bbox, score);
  return list;
}

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

test('without detections every number that has truths is 0', () => {
  const evaluation = evaluateCoco(evaluationInput(dataset(goldens[0]!.truth), new DetectionList()));
  expect(cocoMetrics(evaluation)).toMatchObject({ AP: 0, AP50: 0, AR100: 0 });
});

test('without truths every number is −1', () => {
  const empty = { ...goldens[0]!.truth, annotations: [] };
  const evaluation = evaluateCoco(evaluationInput(dataset(empty), detectionList(goldens[0]!.detections)));
  expect(new Set(Object.values(cocoMetrics(evaluation)))).toEqual(new Set([-1]));
});

test('a detection of an unknown image is named', () => {
  const list = detectionList([
    ...goldens[0]!.detections.slice(0, 2),
    { image_id: 5000, category_id: 1, bbox: [0, 0, 1, 1], score: 1 },
  ]);
  expect(() => evaluationInput(dataset(goldens[0]!.truth), list)).toThrow(
    'detections: [2]: image_id 5000 is no image of the dataset',
  );
});
