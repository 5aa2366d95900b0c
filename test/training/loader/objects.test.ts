import { describe, expect, test } from 'vitest';
import {
  type AnnotationRow,
  annotationTable,
  type Dataset,
  type Extra,
} from '../../../src/datasets/dataset.ts';
import { objectsByImage } from '../../../src/training/loader/objects.ts';

type Box = readonly [number, number, number, number];

const row = (box: Box, crowd = false, extra: Extra = {}): AnnotationRow => {
  return { id: 7, image: 0, category: 0, box, area: box[2] * box[3], crowd, extra };
};

const datasetOf = (...rows: readonly AnnotationRow[]): Dataset => ({
  images: [{ id: 1, fileName: 'a.jpg', width: 100, height: 50 }],
  categories: [{ id: 1, name: 'thing' }],
  annotations: annotationTable(rows),
  imageFolder: '',
  extra: {},
});

test('clips boxes at their image, and drops what lies outside or is empty', () => {
  const dataset = datasetOf(row([80, -10, 40, 30]), row([110, 10, 80, 20]), row([10, 10, 0, 20]));
  const [image] = objectsByImage(dataset);
  expect(image).toEqual({ width: 100, height: 50, objects: [{ box: [80, 0, 100, 20], classId: 0 }] });
});

test('crowds are ignored boxes, after the objects and without those inside another', () => {
  const [outer, inner, object]: readonly Box[] = [
    [10, 10, 30, 30],
    [15, 15, 10, 10],
    [12, 12, 8, 8],
  ];
  const rows = [row(inner!, true), row(outer!, true), row(outer!, true), row(object!)];
  expect(objectsByImage(datasetOf(...rows))[0]!.objects).toEqual([
    { box: [12, 12, 20, 20], classId: 0 },
    { box: [10, 10, 40, 40], classId: 0, isIgnored: true },
  ]);
});

describe('scores of annotations', () => {
  const scored = (score: unknown) => datasetOf(row([10, 10, 20, 20], false, { score }));

  test('are weights if requested', () => {
    expect(objectsByImage(scored(0.25), true)[0]!.objects).toEqual([
      { box: [10, 10, 30, 30], classId: 0, weight: 0.25 },
    ]);
    expect(objectsByImage(scored(0.25))[0]!.objects[0]).not.toHaveProperty('weight');
  });

  test.each([1.5, -0.1, 'high', null])('of %j are refused', (score) => {
    expect(() => objectsByImage(scored(score), true)).toThrow(
      `annotation 7: score ${JSON.stringify(score)}, expected 0 to 1; fix it, or set labelScores to ignore`,
    );
  });
});
