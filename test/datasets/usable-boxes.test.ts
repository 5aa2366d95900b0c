import { expect, test } from 'vitest';
import { countBoxes, describeBoxes, usableBox } from '../../src/datasets/usable-boxes.ts';
import { annotation, smallDataset } from './check/datasets.ts';

test('cuts a box at the edges of its image', () => {
  expect(usableBox(smallDataset(1, [annotation(1, [-10, 70, 30, 30])]), 0)).toEqual([0, 70, 20, 80]);
});

test.for([
  ['outside its image', annotation(1, [400, 10, 50, 50]), 'outside'],
  ['that only touches its image', annotation(1, [100, 10, 50, 50]), 'outside'],
  ['of 0.3 px', annotation(1, [70, 50, 0.3, 30]), 'tiny'],
  ['without area', annotation(1, [10, 10, 0, 20]), 'tiny'],
  ['of which 0.4 px is inside', annotation(1, [99.6, 10, 50, 50]), 'tiny'],
  ['of a crowd', annotation(1, [10, 10, 20, 20], { crowd: true }), 'crowd'],
] as const)('does not use a box %s for training', ([, row, reason]) => {
  expect(usableBox(smallDataset(1, [row]), 0)).toBe(reason);
});

test('no box is outside an image of unknown size', () => {
  const dataset = smallDataset(1, [annotation(1, [400, 400, 50, 50])]);
  const images = dataset.images.map((image) => ({ ...image, width: 0, height: 0 }));
  expect(usableBox({ ...dataset, images }, 0)).toEqual([400, 400, 450, 450]);
});

test('counts boxes by the reason why they are not used', () => {
  const rows = [
    annotation(1, [10, 10, 20, 20]),
    annotation(2, [400, 10, 50, 50]),
    annotation(3, [400, 10, 50, 50]),
    annotation(4, [10, 10, 0.2, 20]),
  ];
  const counts = countBoxes(smallDataset(1, rows));
  expect(counts).toEqual({ all: 4, usable: 1, outside: 2, tiny: 1, crowd: 0 });
  expect(describeBoxes(counts, ['outside', 'tiny', 'crowd'])).toBe(
    '2 outside their images, 1 under half a pixel wide or high',
  );
});
