import { expect, test } from 'vitest';
import { anchorFit, letterboxedSizes } from '../../src/anchors/anchor-fit.ts';
import { sizeIou } from '../../src/boxes/iou.ts';
import { annotationTable, type Dataset } from '../../src/datasets/dataset.ts';

test('boxes of the same size overlap completely', () => {
  expect(sizeIou([10, 20], [10, 20])).toBe(1);
});

test('overlap is the intersection over the union of centered boxes', () => {
  expect(sizeIou([10, 20], [20, 10])).toBeCloseTo(100 / 300, 12);
});

test('recall counts the boxes that an anchor overlaps by at least half', () => {
  const fit = anchorFit(
    [
      [10, 10],
      [10, 5],
      [10, 4],
    ],
    [[10, 10]],
  );
  expect(fit.recall).toBeCloseTo(2 / 3, 12);
  expect(fit.meanIou).toBeCloseTo((1 + 0.5 + 0.4) / 3, 12);
});

test('shares tell how many boxes each anchor serves', () => {
  expect(
    anchorFit(
      [
        [9, 9],
        [11, 11],
        [10, 10],
        [99, 99],
      ],
      [
        [10, 10],
        [100, 100],
      ],
    ).shares,
  ).toEqual([0.75, 0.25]);
});

test('returns zeros, not NaN, without boxes', () => {
  expect(anchorFit([], [[1, 1]])).toEqual({ recall: 0, meanIou: 0, shares: [0] });
});

test('sizes are in pixels of the letterboxed input, without crowds and empty boxes', () => {
  const row = { image: 0, category: 0, area: 1, crowd: false } as const;
  const dataset: Dataset = {
    images: [{ id: 1, fileName: 'a.jpg', width: 832, height: 416 }],
    categories: [{ id: 1, name: 'dog' }],
    annotations: annotationTable([
      { ...row, id: 1, box: [0, 0, 100, 50] },
      { ...row, id: 2, box: [0, 0, 0, 50] },
      { ...row, id: 3, box: [0, 0, 10, 10], crowd: true },
    ]),
    imageFolder: '.',
    extra: {},
  };
  expect(letterboxedSizes(dataset, { width: 416, height: 416 })).toEqual([[50, 25]]);
});
