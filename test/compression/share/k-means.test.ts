import { describe, expect, test } from 'vitest';
import { kMeans, nearestCenter } from '../../../src/compression/share/k-means.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { INITIALIZATIONS } from '../../../src/options/compress.ts';

const spread = (values: readonly number[], centers: ArrayLike<number>) =>
  values.reduce((sum, value) => {
    const distances = Array.from(centers, (center) => (value - center) ** 2);
    return sum + Math.min(...distances);
  }, 0);

describe.each(INITIALIZATIONS)('k-means from %s centers', (initialization) => {
  test('finds groups that lie apart', () => {
    const values = [0, 0.1, 0.2, 5, 5.1, 9, 9.2, 9.4];
    const centers = kMeans(values, { centers: 3, initialization, seed: 4 });
    if (initialization !== 'random') {
      expect([...centers]).toEqual([0.1, 5.05, 9.2].map((value) => expect.closeTo(value, 6)));
    }
  });

  test('stops when no center moves: each is the mean of the values nearest to it', () => {
    const random = uniformRandom(1);
    const values = Array.from({ length: 2000 }, () => random() ** 3 - random());
    const centers = kMeans(values, { centers: 16, initialization, iterations: 10_000 });
    const groups = new Map<number, number[]>();
    for (const value of values) {
      const center = nearestCenter(centers, value);
      groups.set(center, [...(groups.get(center) ?? []), value]);
    }
    for (const [center, group] of groups) {
      const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
      expect(centers[center]).toBeCloseTo(mean, 5);
    }
    expect(spread(values, centers)).toBeLessThan(spread(values, [-0.5, 0, 0.5]));
  });
});

test('has no more centers than distinct values, and none without values', () => {
  expect([...kMeans([2, 2, 2], { centers: 8 })]).toEqual([2]);
  expect([...kMeans([1, 3, 3], { centers: 8 })]).toEqual([1, 3]);
  expect(kMeans([], { centers: 8 }).length).toBe(0);
});
