import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EvaluationInput } from '../../src/evaluation/tables.ts';
import { evaluateVoc } from '../../src/evaluation/voc-eval.ts';

type Box = readonly [
  image: number,
  category: number,
  left: number,
  top: number,
  width: number,
  height: number,
];
type Scored = readonly [...Box, score: number];

function input(truths: readonly Box[], detections: readonly Scored[]): EvaluationInput {
  const columns = (rows: readonly (Box | Scored)[]) => ({
    count: rows.length,
    images: Int32Array.from(rows, ([image]) => image),
    categories: Int32Array.from(rows, ([, category]) => category),
    boxes: Float64Array.from(rows.flatMap((row) => row.slice(2, 6))),
  });
  return {
    imageIds: Array.from({ length: 12 }, (_, id) => id),
    categoryIds: [0, 1, 2],
    truths: {
      ...columns(truths),
      ids: Float64Array.from(truths, (_, index) => index + 1),
      areas: Float64Array.from(truths, ([, , , , width, height]) => width * height),
      crowd: new Uint8Array(truths.length),
    },
    detections: {
      ...columns(detections),
      scores: Float64Array.from(detections, ([, , , , , , score]) => score),
    },
  };
}

const golden: { truths: Box[]; detections: Scored[]; allPoints: number[]; elevenPoint: number[] } =
  JSON.parse(readFileSync(new URL('fixtures/voc-eval.json', import.meta.url), 'utf8'));

test.for(['allPoints', 'elevenPoint'] as const)('%s equals the mean_average_precision package', (kind) => {
  const { perCategory } = evaluateVoc(input(golden.truths, golden.detections));
  perCategory.forEach((category, index) => {
    expect(category[kind]).toBeCloseTo(golden[kind][index]!, 9);
  });
});

test('a second detection of the same object is a false positive', () => {
  const truth: Box = [0, 0, 10, 10, 50, 50];
  const once = evaluateVoc(input([truth, [1, 0, 0, 0, 9, 9]], [[...truth, 0.9]]));
  const twice = evaluateVoc(
    input(
      [truth, [1, 0, 0, 0, 9, 9]],
      [
        [...truth, 0.9],
        [...truth, 0.8],
        [1, 0, 0, 0, 9, 9, 0.7],
      ],
    ),
  );
  expect(once.allPoints).toBeCloseTo(0.5, 12);
  expect(twice.allPoints).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12);
});

test('a detection of an ignored object counts neither way', () => {
  const [plain, difficult]: Box[] = [
    [0, 0, 10, 10, 50, 50],
    [0, 0, 100, 100, 50, 50],
  ];
  const both = input(
    [plain!, difficult!],
    [
      [...difficult!, 0.9],
      [...plain!, 0.8],
    ],
  );
  expect(evaluateVoc(both, { ignored: Uint8Array.of(0, 1) }).allPoints).toBe(1);
});

test('leaves a category without true boxes out of the mean', () => {
  const { perCategory, allPoints } = evaluateVoc(input([[0, 1, 0, 0, 9, 9]], [[0, 1, 0, 0, 9, 9, 0.5]]));
  expect(perCategory.map((category) => category.allPoints)).toEqual([-1, 1, -1]);
  expect(allPoints).toBe(1);
});

test('an overlap equal to the threshold is not enough', () => {
  // IoU of two equal squares shifted by a third of their side is 1/2.
  const shifted = evaluateVoc(input([[0, 0, 0, 0, 30, 30]], [[0, 0, 10, 0, 30, 30, 0.9]]));
  expect(shifted.allPoints).toBe(0);
});
