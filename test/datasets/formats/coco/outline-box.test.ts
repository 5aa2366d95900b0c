import { expect, test } from 'vitest';
import { outlineBox } from '../../../../src/datasets/formats/coco/outline-box.ts';

test('polygons have the box around all their points', () => {
  expect(outlineBox([[10, 20, 40, 20, 40.5, 50], [5, 30, 8, 30, 8, 70]])).toEqual([5, 20, 35.5, 50]); // biome-ignore format: one outline
  expect(outlineBox([10, 20, 40, 20, 40, 50])).toEqual([10, 20, 30, 30]);
});

test('ignores points and lines next to a polygon', () => {
  expect(
    outlineBox([
      [10, 20, 40, 20, 40, 50],
      [1, 1, 2, 2],
    ]),
  ).toEqual([10, 20, 30, 30]);
});

// Packed by pycocotools, which also gave their boxes.
test.for([
  [[6, 9], 'd03211O00:', [3, 1, 4, 4]],
  [[300, 400], 'XS9X6T3000Yb0iImnY3', [31, 5, 6, 215]],
  [[12, 10], 'n0194N0O20N102L8', [2, 3, 7, 7]],
  [[5, 4], '848', [1, 0, 2, 5]],
] as const)('run lengths of a mask of %s, packed as %s, have the right box', ([size, counts, box]) => {
  expect(outlineBox({ size, counts })).toEqual(box);
});

test('unpacked run lengths have the right box', () => {
  // 8 background, 4 object across the end of a column of 5, 8 background.
  expect(outlineBox({ size: [5, 4], counts: [8, 4, 8] })).toEqual([1, 0, 2, 5]);
  expect(outlineBox({ size: [5, 4], counts: [7, 2, 11] })).toEqual([1, 2, 1, 2]);
});

test.for([
  ['nothing', undefined],
  ['no polygon', []],
  ['two points', [[1, 2, 3, 4]]],
  ['an odd number', [[1, 2, 3, 4, 5, 6, 7]]],
  ['NaN', [[1, 2, 3, 4, 5, Number.NaN]]],
  ['run lengths of another size', { size: [5, 5], counts: [8, 4, 8] }],
  ['an empty mask', { size: [5, 4], counts: [20] }],
  ['no run lengths', { size: [5, 4], counts: 'é' }],
  ['run lengths that end early', { size: [5, 4], counts: 'o' }],
] as const)('%s has no box', ([, segmentation]) => {
  expect(outlineBox(segmentation)).toBeUndefined();
});
