import { expect, test } from 'vitest';
import { datasetStatistics } from '../../../../src/tasks/datasets/check/statistics.ts';
import { annotation, smallDataset } from '../../../datasets/check/datasets.ts';

const INPUT = { width: 100, height: 100 };
const dataset = smallDataset(3, [
  annotation(1, [0, 0, 10, 10]),
  annotation(2, [0, 0, 40, 40], { image: 1, area: 1000 }),
  annotation(3, [0, 0, 90, 15], { category: 1 }),
  annotation(4, [0, 0, 100, 80], { crowd: true }),
  annotation(5, [0, 0, 0, 10]),
]);
const statistics = datasetStatistics(dataset, [[10, 10]], INPUT);

test('counts images without annotations, and crowds', () => {
  expect(statistics).toMatchObject({ images: 3, annotations: 5, crowds: 1, background: 1 });
});

test('counts boxes and images of classes', () => {
  expect(statistics.classes).toEqual([
    { id: 5, name: 'dog', boxes: 4, images: 2 },
    { id: 9, name: 'cat', boxes: 1, images: 1 },
  ]);
});

test('groups objects by area as COCO does, without crowds and empty boxes', () => {
  expect(statistics.cocoSizes).toEqual({ small: 2, medium: 1, large: 0 });
});

test('sides are the square roots of the areas of boxes', () => {
  const filled = statistics.sides.filter(({ count }) => count > 0);
  expect(filled).toEqual([
    { from: 8, to: 16, count: 1 },
    { from: 32, to: 64, count: 2 },
  ]);
});

test('aspect ratios are width over height', () => {
  const filled = statistics.aspects.filter(({ count }) => count > 0);
  expect(filled).toEqual([
    { from: 0.8, to: 1.25, count: 2 },
    { from: 4, to: null, count: 1 },
  ]);
});

test('reports the fit of the anchors with the anchors and their input', () => {
  expect(statistics.anchors).toMatchObject({ anchors: [[10, 10]], input: INPUT, recall: 1 / 3 });
});
