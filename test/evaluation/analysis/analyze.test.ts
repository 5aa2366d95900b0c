import { expect, test } from 'vitest';
import { analyzeDetections } from '../../../src/evaluation/analysis/analyze.ts';
import { describeAnalysis } from '../../../src/evaluation/analysis/describe.ts';
import { evaluationInput } from '../../../src/evaluation/input.ts';
import { type CocoFile, type CocoResult, cocoDataset, detectionList } from '../coco/coco-files.ts';

const square = (left: number, top: number, side = 100) =>
  [left, top, side, side] as [number, number, number, number];
const annotation = (
  id: number,
  image_id: number,
  category_id: number,
  bbox: [number, number, number, number],
) => ({
  ...{ id, image_id, category_id, bbox },
  area: bbox[2] * bbox[3],
  iscrowd: 0,
});

/** Two cats and a dog: one cat is found, the other is called a dog, the dog is missed, and one detection is in the background. */
const truth: CocoFile = {
  images: [{ id: 1 }, { id: 2 }],
  categories: [
    { id: 3, name: 'cat' },
    { id: 8, name: 'dog' },
  ],
  annotations: [
    annotation(1, 1, 3, square(0, 0)),
    annotation(2, 1, 3, square(200, 0)),
    annotation(3, 2, 8, [0, 0, 300, 100]),
  ],
};
const detections: readonly CocoResult[] = [
  { image_id: 1, category_id: 3, bbox: square(2, 2), score: 0.9 },
  { image_id: 1, category_id: 8, bbox: square(200, 2), score: 0.8 },
  { image_id: 2, category_id: 3, bbox: square(500, 300, 50), score: 0.95 },
];
const dataset = cocoDataset(truth);
const input = evaluationInput(dataset, detectionList(detections));
const analysis = analyzeDetections(input, { resamples: 20 });

test('the working threshold maximizes F1 over all classes', () => {
  // One of two detections is right, and there are three objects: F1 0.4 at 0.9; lower scores add only false positives.
  expect(analysis.workingThreshold).toBe(0.9);
  expect(analysis.curves.all.best).toMatchObject({ precision: 0.5, f1: 0.4 });
  expect(analysis.curves.all.best!.recall).toBeCloseTo(1 / 3, 12);
});

test('precision by recall is the envelope, and 0 beyond the recall reached', () => {
  const cat = analysis.curves.classes.find(({ categoryId }) => categoryId === 3)!;
  expect(cat.precisionByRecall[0]).toBe(0.5);
  expect(cat.precisionByRecall[50]).toBe(0.5);
  expect(cat.precisionByRecall[51]).toBe(0);
});

test('the confusion matrix has true classes as rows and detected classes as columns', () => {
  const { confusion } = describeAnalysis(dataset, input, analysis);
  expect(confusion.classes).toEqual(['cat', 'dog', 'background']);
  // At 0.9 the cat called a dog does not count: nothing finds it.
  expect(confusion.counts).toEqual([
    [1, 0, 1],
    [0, 0, 1],
    [1, 0, 0],
  ]);
});

test('calibration compares scores with the share that is correct', () => {
  const bin = analysis.calibration.bins[9]!;
  expect(bin).toMatchObject({ from: 0.9, to: 1, count: 2, precision: 0.5 });
  expect(bin.score).toBeCloseTo(0.925, 12);
  const dogs = analysis.calibration.bins[8]!;
  expect(dogs).toMatchObject({ count: 1, precision: 0 });
  expect(analysis.calibration.expectedError).toBeCloseTo((2 * 0.425 + 0.8) / 3, 12);
});

test('counts objects by shape, crowding and overlap', () => {
  expect(analysis.aspects.map(({ name, truths }) => [name, truths])).toEqual([
    ['very tall', 0],
    ['tall', 0],
    ['square', 2],
    ['wide', 0],
    ['very wide', 1],
  ]);
  expect(analysis.aspects[2]!.AP50).toBeCloseTo(0.5 * (51 / 101), 9);
  expect(analysis.aspects[0]!.AP).toBe(-1);
  expect(analysis.crowding[0]).toMatchObject({ images: 2, truths: 3 });
  expect(analysis.overlaps[0]).toMatchObject({ truths: 3, recall: 1 / 3 });
});

test('the instructive images list the outcome of each detection', () => {
  const { images } = describeAnalysis(dataset, input, analysis);
  const first = images.find(({ image }) => image === '1.jpg')!;
  expect(first.kinds).toEqual(['missed']);
  expect(first.detections.map(({ verdict }) => verdict)).toEqual(['right']);
  expect(images.find(({ image }) => image === '2.jpg')!.kinds).toEqual(['background', 'missed']);
});

test('suspects are confident detections without a label, and labels that are never found', () => {
  const { suspects } = describeAnalysis(dataset, input, analysis);
  expect(suspects.map(({ kind, image }) => [kind, image])).toEqual([
    ['no truth', '2.jpg'],
    ['never found', '2.jpg'],
  ]);
});

test('an analysis survives JSON', () => {
  const described = describeAnalysis(dataset, input, analysis);
  expect(JSON.parse(JSON.stringify(described))).toMatchObject({ tide: analysis.tide });
});

test('analyzes data without detections', () => {
  const empty = analyzeDetections(evaluationInput(dataset, detectionList([])), { resamples: 5 });
  expect(empty.curves.all.best).toBeUndefined();
  expect(empty.tide.AP).toBe(0);
  expect(empty.images).toHaveLength(2);
});
