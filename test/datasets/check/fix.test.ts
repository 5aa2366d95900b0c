import { expect, test } from 'vitest';
import { fixRecords } from '../../../src/datasets/check/fix.ts';
import { annotation, damaged, decoded, missing, smallDataset } from './datasets.ts';

const boxesOf = ({ dataset }: ReturnType<typeof fixRecords>) =>
  Array.from(dataset.annotations.ids, (id, row) => [
    id,
    ...dataset.annotations.boxes.subarray(4 * row, 4 * row + 4),
  ]);

test('leaves a sound data set unchanged', () => {
  const dataset = smallDataset(1, [annotation(1, [1, 2, 30, 40], { extra: { difficult: 1 } })]);
  const mended = fixRecords(dataset, [decoded('x')]);
  expect(mended.changes).toEqual([]);
  expect(boxesOf(mended)).toEqual([[1, 1, 2, 30, 40]]);
  expect(mended.dataset.images).toEqual(dataset.images);
  expect(mended.dataset.annotations.extraOf(0)).toEqual({ difficult: 1 });
});

test('clips boxes to their images, and scales their areas', () => {
  const mended = fixRecords(smallDataset(1, [annotation(1, [-10, 70, 30, 30])]), [decoded('x')]);
  expect(boxesOf(mended)).toEqual([[1, 0, 70, 20, 10]]);
  expect(mended.dataset.annotations.areas[0]).toBe(200);
  expect(mended.changes).toEqual(['boxes clipped to their images: 1']);
});

test('corrects a size with another aspect ratio if its boxes fit', () => {
  const mended = fixRecords(smallDataset(1, [annotation(1, [0, 0, 50.5, 40])]), [decoded('x', 50, 60)]);
  expect(mended.dataset.images[0]).toMatchObject({ width: 50, height: 60 });
  expect(boxesOf(mended)).toEqual([[1, 0, 0, 50, 40]]);
  expect(mended.changes).toEqual(['image sizes corrected: 1', 'boxes clipped to their images: 1']);
});

test('an image shrunk later keeps the size that its boxes refer to', () => {
  const dataset = smallDataset(1, [annotation(1, [0, 0, 60, 40])]);
  const mended = fixRecords(dataset, [decoded('x', 50, 40)]);
  expect([mended.dataset.images, mended.changes]).toEqual([dataset.images, []]);
  expect(boxesOf(mended)).toEqual([[1, 0, 0, 60, 40]]);
});

test('drops an image whose boxes are for another size, because their positions are unknown', () => {
  const rows = [annotation(1, [10, 10, 30, 20]), annotation(2, [0, 0, 100, 80])];
  const mended = fixRecords(smallDataset(1, rows), [decoded('x', 40, 50)]);
  expect([mended.dataset.images, boxesOf(mended)]).toEqual([[], []]);
  expect(mended.changes).toEqual([
    'images whose size does not match their boxes left out: 1',
    'their annotations left out: 2',
  ]);
});

test('drops repeated boxes, one-pixel boxes and boxes outside their image', () => {
  const rows = [
    annotation(1, [200, 0, 10, 10]),
    annotation(2, [5, 5, 1, 1]),
    annotation(3, [5, 5, 0, 9]),
    annotation(4, [5, 5, 9, 9]),
    annotation(5, [5, 5, 9, 9]),
  ];
  const mended = fixRecords(smallDataset(1, rows), [decoded('x')]);
  expect(boxesOf(mended)).toEqual([[4, 5, 5, 9, 9]]);
  expect(mended.changes).toEqual(['boxes of a pixel or less left out: 3', 'repeated boxes left out: 1']);
});

test('drops unreadable images with their annotations and keeps the others', () => {
  const rows = [0, 1, 2].map((image) => annotation(image + 1, [image, 0, 9, 9], { image }));
  const mended = fixRecords(smallDataset(3, rows), [missing, decoded('x'), damaged]);
  expect(mended.dataset.images.map(({ fileName }) => fileName)).toEqual(['b.jpg']);
  expect(boxesOf(mended)).toEqual([[2, 1, 0, 9, 9]]);
  expect([...mended.dataset.annotations.images]).toEqual([0]);
});

test('merges the annotations of a file that is listed twice', () => {
  const dataset = smallDataset(2, [annotation(1, [0, 0, 9, 9]), annotation(2, [20, 0, 9, 9], { image: 1 })]);
  const images = dataset.images.map((image) => ({ ...image, fileName: 'a.jpg' }));
  const mended = fixRecords({ ...dataset, images }, [decoded('x'), decoded('x')]);
  expect(mended.dataset.images).toHaveLength(1);
  expect([...mended.dataset.annotations.images]).toEqual([0, 0]);
  expect(mended.changes).toEqual(['images listed twice merged: 1']);
});

test('does not merge records of one file with boxes in two sizes', () => {
  const dataset = smallDataset(2, [annotation(1, [0, 0, 9, 9]), annotation(2, [150, 0, 9, 9], { image: 1 })]);
  const images = dataset.images.map((image, at) => ({
    ...image,
    fileName: 'a.jpg',
    width: 100 * (at + 1),
    height: 80 * (at + 1),
  }));
  const mended = fixRecords({ ...dataset, images }, [decoded('x'), decoded('x')]);
  expect(mended.dataset.images.map(({ width }) => width)).toEqual([100, 200]);
  expect([...mended.dataset.annotations.images]).toEqual([0, 1]);
});

test('numbers annotations from 1 if one has id 0, which never counts as found', () => {
  const mended = fixRecords(smallDataset(1, [annotation(0, [0, 0, 9, 9]), annotation(7, [20, 0, 9, 9])]), [
    decoded('x'),
  ]);
  expect([...mended.dataset.annotations.ids]).toEqual([1, 2]);
  expect(mended.changes).toEqual(['annotations numbered from 1, because id 0 never counts as found: 2']);
});

test('does not change the given data set', () => {
  const dataset = smallDataset(1, [annotation(1, [-10, 0, 30, 30])]);
  fixRecords(dataset, [decoded('x', 50, 50)]);
  expect([...dataset.annotations.boxes]).toEqual([-10, 0, 30, 30]);
  expect(dataset.images[0]?.width).toBe(100);
});
