import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { symmetricBeta } from '../../../src/training/augmentation/beta.ts';
import { mixup } from '../../../src/training/augmentation/mixup.ts';
import { largestDifference } from '../../image/pictures.ts';
import { fingerprint, noise, redRectangle } from './painted.ts';

describe('mixup', () => {
  const size = { width: 31, height: 17 };
  const first = { image: noise(size, 1), objects: [{ box: [1, 2, 9, 8] as const, classId: 3 }] };
  const second = { image: noise(size, 2), objects: [{ box: [4, 0, 30, 17] as const, classId: 0 }] };

  test.each([0, 0.3, 0.5, 1])('a share of %f is that share of each pixel', (share) => {
    const { image } = mixup(first, second, share);
    const expected = first.image.data.map((value, i) => share * value + (1 - share) * second.image.data[i]!);
    expect(largestDifference(image.data, expected)).toBeLessThanOrEqual(1);
  });

  test('keeps the objects of both, and does not change the input images', () => {
    const before = [first, second].map(fingerprint);
    expect(mixup(first, second, 0.5).objects).toEqual([...first.objects, ...second.objects]);
    expect([first, second].map(fingerprint)).toEqual(before);
  });

  test('refuses images of two sizes', () => {
    const other = redRectangle({ width: 17, height: 31 }, [0, 0, 5, 5]);
    expect(() => mixup(first, other, 0.5)).toThrow(/mixup of 31×17 and 17×31: expected images of one size/);
  });
});

describe('symmetricBeta', () => {
  // Variance of Beta(b, b): 1 / (4 · (2b + 1)).
  test.each([0.1, 0.5, 1, 2, 8, 1000])('Beta(b, b) for b = %f has the right mean and variance', (b) => {
    const random = uniformRandom(11);
    const draws = Array.from({ length: 20_000 }, () => symmetricBeta(b, random));
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(variance * 4 * (2 * b + 1)).toBeGreaterThan(0.94);
    expect(variance * 4 * (2 * b + 1)).toBeLessThan(1.06);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThanOrEqual(1);
  });
});
