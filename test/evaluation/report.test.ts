import { expect, test } from 'vitest';
import { type AnnotationRow, annotationTable, type Dataset } from '../../src/datasets/dataset.ts';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { evaluateDetections } from '../../src/evaluation/report.ts';

const row = (id: number, left: number, fields: Partial<AnnotationRow> = {}): AnnotationRow => ({
  id,
  image: 0,
  category: 0,
  box: [left, 0, 50, 50],
  area: 2500,
  crowd: false,
  ...fields,
});

function dataset(rows: readonly AnnotationRow[]): Dataset {
  return {
    images: [{ id: 4, fileName: 'a.jpg', width: 640, height: 480 }],
    categories: [
      { id: 9, name: 'cell' },
      { id: 3, name: 'wall' },
    ],
    annotations: annotationTable(rows),
    imageFolder: '',
    extra: {},
  };
}

function found(...lefts: readonly number[]): DetectionList {
  const list = new DetectionList();
  lefts.forEach((left, index) => {
    list.add(4, 9, [left, 0, 50, 50], 1 - index / 10);
  });
  return list;
}

test('a perfect detector has an AP of 1 in every average', () => {
  const { metrics, voc50 } = evaluateDetections(dataset([row(1, 0), row(2, 100)]), found(0, 100));
  expect(metrics.AP).toBeCloseTo(1, 12);
  expect(metrics.APmedium).toBeCloseTo(1, 12);
  expect(metrics.APsmall).toBe(-1);
  expect(voc50.allPoints).toBeCloseTo(1, 12);
  expect(voc50.elevenPoint).toBeCloseTo(1, 12);
});

test('sorts classes by id, with their true boxes but without crowds', () => {
  const { perClass } = evaluateDetections(dataset([row(1, 0), row(2, 100, { crowd: true })]), found(0));
  expect(perClass.map(({ id, name, truths }) => [id, name, truths])).toEqual([
    [3, 'wall', 0],
    [9, 'cell', 1],
  ]);
});

test('counts the detections of classes that the data has', () => {
  const detections = found(0, 100);
  detections.add(4, 77, [0, 0, 50, 50], 0.9);
  expect(evaluateDetections(dataset([row(1, 0)]), detections).detections).toBe(2);
});

test("an object marked difficult counts in COCO's numbers and not in VOC's", () => {
  const rows = [row(1, 0), row(2, 100, { extra: { difficult: 1 } })];
  const { metrics, voc50 } = evaluateDetections(dataset(rows), found(0));
  expect(metrics.AR100).toBeCloseTo(0.5, 12);
  expect(voc50.allPoints).toBeCloseTo(1, 12);
});

test('finds a difficult mark after thousands of annotations without one', () => {
  const crowds = Array.from({ length: 2000 }, (_, index) => row(10 + index, 0, { crowd: true }));
  const rows = [row(1, 0), ...crowds, row(2, 100, { extra: { difficult: 1 } })];
  expect(evaluateDetections(dataset(rows), found(0)).voc50.allPoints).toBeCloseTo(1, 12);
});
