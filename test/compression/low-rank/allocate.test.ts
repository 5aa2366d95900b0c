import { expect, test } from 'vitest';
import { allocate, type Way } from '../../../src/compression/low-rank/allocate.ts';

const parts: readonly (readonly Way[])[] = [
  [
    { cost: 10, loss: 0 },
    { cost: 5, loss: 0.1 },
    { cost: 2, loss: 0.5 },
  ],
  [
    { cost: 100, loss: 0 },
    { cost: 40, loss: 0.05 },
  ],
];
const sum = (ways: readonly Way[] | undefined, of: 'cost' | 'loss') =>
  ways?.reduce((total, way) => total + way[of], 0);

test.each([
  [110, 0],
  [50, 0.05],
  [45, 0.15],
  [42, 0.55],
])('at a cost of %d the least loss is %d', (target, loss) => {
  const ways = allocate(parts, target);
  expect(sum(ways, 'cost')).toBeLessThanOrEqual(target);
  expect(sum(ways, 'loss')).toBeCloseTo(loss, 12);
});

test('has no solution below the cheapest cost', () => {
  expect(allocate(parts, 41)).toBeUndefined();
});
