import { expect, test } from 'vitest';
import { checkAnnotations } from '../../../src/datasets/check/annotations.ts';
import type { AnnotationRow } from '../../../src/datasets/dataset.ts';
import { annotation, smallDataset } from './datasets.ts';

/** Problems of boxes; the data set has one cat far away from all the others. */
function kinds(...rows: AnnotationRow[]): string[] {
  const cat = annotation(100, [1, 2, 3, 4], { category: 1 });
  return checkAnnotations(smallDataset(1, [...rows, cat]), 'val').map(({ kind }) => kind);
}

test('accepts boxes up to the edges', () => {
  expect(kinds(annotation(1, [0, 0, 100, 80]))).toEqual([]);
});

test.each([
  ['left', [-3, 0, 50, 50]],
  ['top', [0, -3, 50, 50]],
  ['right', [60, 0, 43, 50]],
  ['bottom', [0, 40, 50, 43]],
] as const)('a box beyond the %s edge is reported', (_, box) => {
  expect(kinds(annotation(1, box))).toEqual(['box-beyond-edge']);
});

test('half a pixel beyond the edge counts as rounding', () => {
  expect(kinds(annotation(1, [-0.5, 0, 100.9, 80.4]))).toEqual([]);
});

test('a box outside its image is an error', () => {
  expect(kinds(annotation(1, [100, 10, 20, 20]))).toEqual(['box-outside-image']);
});

test('notes a box of one pixel', () => {
  expect(kinds(annotation(1, [50, 50, 1, 1]))).toEqual(['tiny-box']);
});

test('reports a repeated box of the same class', () => {
  expect(kinds(annotation(1, [5, 5, 9, 9]), annotation(2, [5, 5, 9, 9]))).toEqual(['duplicate-box']);
});

test('the same box with two classes is two objects', () => {
  expect(kinds(annotation(1, [5, 5, 9, 9]), annotation(2, [5, 5, 9, 9], { category: 1 }))).toEqual([]);
});

test('a location names file, annotation and image', () => {
  const dataset = smallDataset(1, [annotation(7, [90, 0, 20, 20])]);
  const [, problem] = checkAnnotations(dataset, 'train.json');
  expect(problem).toEqual({
    kind: 'box-beyond-edge',
    place: 'train.json: annotation 7 of a.jpg',
    message: 'box [90, 0, 20, 20] in an image of 100×80',
  });
});

test('notes categories without boxes', () => {
  const problems = checkAnnotations(smallDataset(1, [annotation(1, [5, 5, 9, 9])]), 'val');
  expect(problems).toMatchObject([{ kind: 'unused-category', message: 'no box of "cat"' }]);
});

test('reports two categories with one name', () => {
  const dataset = smallDataset(1, [
    annotation(1, [5, 5, 9, 9]),
    annotation(2, [1, 2, 3, 4], { category: 1 }),
  ]);
  const categories = dataset.categories.map((category) => ({ ...category, name: 'dog' }));
  expect(checkAnnotations({ ...dataset, categories }, 'val')).toMatchObject([
    { kind: 'repeated-category-name', place: 'val: category 9' },
  ]);
});
