import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawImages } from '../../../scripts/experiments/simulated-detector.ts';
import { bootstrapDifference, bootstrapMetrics } from '../../../src/evaluation/bootstrap/bootstrap.ts';
import { studentInterval } from '../../../src/evaluation/bootstrap/intervals.ts';
import { prepareEvaluation } from '../../../src/evaluation/bootstrap/prepare.ts';
import { studentValue } from '../../../src/evaluation/bootstrap/student-distribution.ts';
import { WeightedEvaluator } from '../../../src/evaluation/bootstrap/weighted-metrics.ts';
import { evaluateCoco } from '../../../src/evaluation/coco/coco-eval.ts';
import { cocoMetrics } from '../../../src/evaluation/coco/coco-metrics.ts';
import { evaluationInput } from '../../../src/evaluation/input.ts';
import { type CocoFile, type CocoResult, cocoDataset, detectionList } from '../coco/coco-files.ts';

interface Case {
  readonly name: string;
  readonly settings: object;
  readonly truth: CocoFile;
  readonly detections: readonly CocoResult[];
}

const all: readonly Case[] = JSON.parse(
  readFileSync(new URL('../fixtures/coco-eval.json', import.meta.url), 'utf8'),
);
const cases = all.filter(({ settings }) => Object.keys(settings).length === 0);
const inputOf = ({ truth, detections }: Pick<Case, 'truth' | 'detections'>) =>
  evaluationInput(cocoDataset(truth), detectionList(detections));

/** The data with each image repeated as often as its weight. */
function repeated({ truth, detections }: Case, weights: Uint16Array): Pick<Case, 'truth' | 'detections'> {
  const ids = truth.images.map(({ id }) => id).toSorted((a, b) => a - b);
  const copies = ids.flatMap((id, place) =>
    Array.from({ length: weights[place]! }, (_, copy) => ({ of: id, id: 10 * id + copy })),
  );
  const annotations = copies.flatMap(({ of, id }) =>
    truth.annotations.filter(({ image_id }) => image_id === of).map((own) => ({ ...own, image_id: id })),
  );
  return {
    truth: {
      ...truth,
      images: copies.map(({ id }) => ({ id })),
      // New ids, except that 0 stays 0: a match to it does not count.
      annotations: annotations.map((own, place) => ({ ...own, id: own.id === 0 ? 0 : place + 1 })),
    },
    detections: copies.flatMap(({ of, id }) =>
      detections.filter(({ image_id }) => image_id === of).map((own) => ({ ...own, image_id: id })),
    ),
  };
}

const weightsOf = (images: number, seed: number) =>
  Uint16Array.from({ length: images }, (_, place) => (place * 7 + seed) % 3);

test.for(cases)('$name: with every image once, the figures equal those of the evaluation', (golden) => {
  const input = inputOf(golden);
  const { metrics } = new WeightedEvaluator(prepareEvaluation(input)).evaluate(
    new Uint16Array(input.imageIds.length).fill(1),
  );
  for (const [name, value] of Object.entries(cocoMetrics(evaluateCoco(input))))
    expect(metrics[name as keyof typeof metrics], name).toBeCloseTo(value, 10);
});

// With equal scores the order of the copies would matter, and weights have no order.
test.for(cases.filter(({ name }) => !/equal/.test(name)))(
  '$name: weighting an image equals copying it',
  (golden) => {
    const input = inputOf(golden);
    const weights = weightsOf(input.imageIds.length, 1);
    const { metrics } = new WeightedEvaluator(prepareEvaluation(input)).evaluate(weights);
    const copies = cocoMetrics(evaluateCoco(inputOf(repeated(golden, weights))));
    for (const [name, value] of Object.entries(copies))
      expect(metrics[name as keyof typeof metrics], name).toBeCloseTo(value, 10);
  },
);

const population = { classes: 3, objects: 6, found: 0.6, noise: 6 };
const prepared = (seed: number, images = 60) => {
  const { dataset, detections } = drawImages(population, images, seed);
  return prepareEvaluation(evaluationInput(dataset, detections));
};

test('the same seed gives the same interval, and another seed a slightly different one', () => {
  const own = prepared(5);
  const AP = (seed: number) => bootstrapMetrics(own, { resamples: 50, seed }).metrics.AP;
  expect(AP(1)).toEqual(AP(1));
  expect(AP(1)).not.toEqual(AP(2));
});

test('a model does not differ from itself', () => {
  const own = prepared(6);
  const { metrics, secondIsBetter } = bootstrapDifference(own, own, { resamples: 50 });
  expect(metrics.AP).toEqual({ value: 0, low: 0, high: 0 });
  expect(secondIsBetter).toBe(0.5);
});

test('refuses to compare models on different numbers of images', () => {
  expect(() => bootstrapDifference(prepared(6), prepared(6, 61))).toThrow(
    'expected the same images for both',
  );
});

test('a figure without measurements has no interval', () => {
  const none = prepareEvaluation(inputOf({ ...cases[0]!, truth: { ...cases[0]!.truth, annotations: [] } }));
  expect(bootstrapMetrics(none, { resamples: 10 }).metrics.AP).toBeUndefined();
});

// Two-sided 95 % values from tables of Student's distribution.
test.for([
  [1, 12.706],
  [2, 4.303],
  [4, 2.776],
  [9, 2.262],
  [29, 2.045],
  [199, 1.972],
] as const)('with %i degrees of freedom, 2.5 % of the distribution lie above %f', ([freedom, value]) => {
  expect(studentValue(freedom) / value).toBeCloseTo(1, freedom === 2 ? 1 : 2);
});

const around = (mean: number, spread: number) =>
  Array.from({ length: 100 }, (_, at) => mean + spread * (at % 2 === 0 ? 1 : -1));

const halves = [[0.5, 0.5, 0.5]] as const;

test('an interval is centered on the figure minus twice the rise of the halves', () => {
  const rising = [
    [0.5, 0.5, 0.54],
    [0.5, 0.49, 0.53],
  ] as const;
  const own = { value: 0.5, samples: around(0.5, 0.05), images: 100, halves: rising };
  const { low, high } = studentInterval(own)!;
  expect((low + high) / 2).toBeCloseTo(0.47, 10);
});

test('fewer images give a wider interval from the same resamples', () => {
  const width = (images: number) => {
    const { low, high } = studentInterval({ value: 0.5, samples: around(0.5, 0.01), images, halves })!;
    return high - low;
  };
  expect(width(3)).toBeGreaterThan(2 * width(100));
});

test('an interval ends at the bounds of its figure', () => {
  expect(studentInterval({ value: 0.01, samples: around(0.02, 0.02), images: 50, halves })!.low).toBe(0);
  expect(studentInterval({ value: 0.99, samples: around(0.98, 0.02), images: 50, halves })!.high).toBe(1);
});

test('a figure lies in its own interval, even with a large bias', () => {
  const own = { value: 0.5, samples: around(0.5, 0.001), images: 100, halves: [[0.5, 0.6, 0.6]] as const };
  expect(studentInterval(own)!.high).toBe(0.5);
});

test('a single image has no interval', () => {
  expect(studentInterval({ value: 0.5, samples: around(0.5, 0), images: 1, halves })).toBeUndefined();
});
