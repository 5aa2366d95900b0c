import { expect, test } from 'vitest';
import { median } from '../../../src/foundation/timing/median.ts';

test.each([
  [[7], 7],
  [[5, 50], 27.5],
  [[10, 9, 1], 9],
  [[4, 1, 3, 100], 3.5],
])('the median of %j is %d', (values, middle) => {
  const before = [...values];
  expect(median(values)).toBe(middle);
  expect(values).toEqual(before);
});
