import { expect, test } from 'vitest';
import { joinDatasets } from '../../../src/datasets/edit/join.ts';
import { madeDataset } from '../made-dataset.ts';

const first = madeDataset({ imageFolder: '/data/2007/JPEGImages' });
const second = madeDataset({
  imageFolder: '/data/2012/JPEGImages',
  categories: [
    { id: 18, name: 'dog' },
    { id: 17, name: 'cat' },
    { id: 5, name: 'cow' },
  ],
});

test('names images relative to the common folder', () => {
  const { images, imageFolder } = joinDatasets([first, second]);
  expect(imageFolder).toBe('/data');
  expect([images[0]?.fileName, images[20]?.fileName]).toEqual([
    '2007/JPEGImages/a.jpg',
    '2012/JPEGImages/a.jpg',
  ]);
});

test('assigns new ids to images and annotations', () => {
  const { images, annotations } = joinDatasets([first, second]);
  expect(new Set(images.map(({ id }) => id)).size).toBe(40);
  expect(new Set(annotations.ids).size).toBe(30);
});

test('merges categories with the same name', () => {
  const { categories, annotations } = joinDatasets([first, second]);
  expect(categories.map(({ name }) => name)).toEqual(['person', 'cat', 'dog', 'cow']);
  expect(categories[annotations.categories[15]!]?.name).toBe('dog');
});

test('annotations stay with their images', () => {
  const { annotations } = joinDatasets([first, second]);
  expect(annotations.images[15]).toBe(20);
  expect(annotations.extraOf(15)).toEqual({ note: 100 });
  expect([annotations.mayHave('note'), annotations.mayHave('difficult')]).toEqual([true, false]);
});

test('refuses one id with two names', () => {
  const other = madeDataset({ categories: [1, 2, 3].map((id) => ({ id, name: `c${id}` })) });
  expect(() => joinDatasets([first, other])).toThrow(/category id 1: has different names in two parts/);
});
