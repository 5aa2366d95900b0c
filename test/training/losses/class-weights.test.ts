import { describe, expect, test } from 'vitest';
import { classWeights } from '../../../src/training/losses/class-weights.ts';

const COUNTS = [100, 25, 1];
const mean = (weights: readonly number[], counts: readonly number[]) =>
  weights.reduce((sum, weight, id) => sum + weight * counts[id]!, 0) /
  counts.reduce((sum, count) => sum + count);

describe('classWeights', () => {
  test('are all 1 without weighting', () => {
    expect(classWeights('none', COUNTS)).toEqual([1, 1, 1]);
  });

  test('give each class the same sum with inverse counts', () => {
    const weights = classWeights('inverse', COUNTS);
    expect(weights.map((weight, id) => weight * COUNTS[id]!)).toEqual([42, 42, 42]);
  });

  test('are proportional to the inverse square roots of the counts', () => {
    const [often, seldom, once] = classWeights('sqrt', COUNTS) as [number, number, number];
    expect(once / often).toBeCloseTo(10, 12);
    expect(once / seldom).toBeCloseTo(5, 12);
  });

  test.each(['none', 'inverse', 'sqrt', [1, 2, 0]] as const)('average to 1 over the objects: %s', (kind) => {
    expect(mean(classWeights(kind, COUNTS), COUNTS)).toBeCloseTo(1, 12);
  });

  test('treat a class without objects like one with a single object', () => {
    const [, , once, never] = classWeights('inverse', [...COUNTS, 0]);
    expect(never).toBe(once);
  });

  test('are unchanged without objects', () => {
    expect(classWeights([3, 4], [0, 0])).toEqual([3, 4]);
  });

  test.each([[[1, 2]], [[1, 2, -1]], [[1, 2, Number.NaN]], [[1, 2, Number.POSITIVE_INFINITY]]])(
    'refuse %s',
    (weights) => {
      expect(() => classWeights(weights, COUNTS)).toThrow(
        `class weights [${weights.join(', ')}]: expected 3 numbers ≥ 0, one per class`,
      );
    },
  );
});
