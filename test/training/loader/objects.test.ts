import { expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { objectsByImage } from '../../../src/training/loader/objects.ts';

test('boxes are cut at their image, and what lies outside, is empty or a crowd is no object', () => {
  const row = (box: readonly [number, number, number, number], crowd = false) => {
    return { id: 1, image: 0, category: 0, box, area: box[2] * box[3], crowd };
  };
  const dataset: Dataset = {
    images: [{ id: 1, fileName: 'a.jpg', width: 100, height: 50 }],
    categories: [{ id: 1, name: 'thing' }],
    annotations: annotationTable([
      row([80, -10, 40, 30]),
      row([110, 10, 80, 20]),
      row([10, 10, 0, 20]),
      row([10, 10, 20, 20], true),
    ]),
    imageFolder: '',
    extra: {},
  };
  const [image] = objectsByImage(dataset);
  expect(image).toEqual({ width: 100, height: 50, objects: [{ box: [80, 0, 100, 20], classId: 0 }] });
});
