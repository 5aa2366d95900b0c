import { expect, test } from 'vitest';
import { evaluateClassification } from '../../src/evaluation/classification.ts';

test('top-1, top-5 and confusion of a worked example', () => {
  // Seven classes; the true class ranks first, third and last.
  const scores = Float64Array.of(
    ...[0.9, 0.1, 0, 0, 0, 0, 0],
    ...[0.5, 0.4, 0.3, 0.2, 0.1, 0, 0],
    ...[0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
  );
  const { top1, top5, confusion, images } = evaluateClassification(scores, [0, 2, 6], 7);
  expect(images).toBe(3);
  expect(top1).toBeCloseTo(1 / 3, 12);
  expect(top5).toBeCloseTo(2 / 3, 12);
  expect(confusion.map((row) => row[0])).toEqual([1, 0, 1, 0, 0, 0, 1]);
  expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(3);
});

test('of equal scores, the lower class ranks first', () => {
  const tied = Float32Array.of(0.5, 0.5);
  expect(evaluateClassification(tied, [0], 2).top1).toBe(1);
  expect(evaluateClassification(tied, [1], 2).top1).toBe(0);
});

test('a class with a NaN score ranks last', () => {
  const scores = Float32Array.of(NaN, 0.2, 0.8);
  expect(evaluateClassification(scores, [0], 3).top1).toBe(0);
  const second = evaluateClassification(scores, [2], 3);
  expect(second.top1).toBe(1);
  expect(second.confusion[2]).toEqual([0, 0, 1]);
  expect(evaluateClassification(new Float32Array(3).fill(NaN), [0], 3).top1).toBe(0);
});

test('returns 0, not NaN, without images', () => {
  expect(evaluateClassification(new Float32Array(0), [], 10)).toMatchObject({ images: 0, top1: 0, top5: 0 });
});

test('refuses a label out of range by name', () => {
  expect(() => evaluateClassification(new Float32Array(4), [0, 2], 2)).toThrow(
    'labels[1] 2: expected a class from 0 to 1',
  );
});

test('refuses a list of scores with the wrong length', () => {
  expect(() => evaluateClassification(new Float32Array(3), [0], 2)).toThrow(
    '3 scores, expected images × classes = 1 × 2 = 2',
  );
});
