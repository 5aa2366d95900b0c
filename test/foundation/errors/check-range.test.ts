import { expect, test } from 'vitest';
import { checkRange } from '../../../src/foundation/errors/check-range.ts';

test.each([
  [0, false],
  [0.5, false],
  [1, true],
])('%s lies in its range', (value, whole) => {
  expect(() => checkRange('share', value, 0, 1, whole)).not.toThrow();
});

test.each([
  [-0.1, false, 'share -0.1: expected a number from 0 to 1'],
  [Number.NaN, false, 'share NaN: expected a number from 0 to 1'],
  [0.5, true, 'share 0.5: expected a whole number from 0 to 1'],
  [Number.POSITIVE_INFINITY, true, 'share Infinity: expected a whole number from 0 to 1'],
])('%s (whole: %s) is refused', (value, whole, message) => {
  expect(() => checkRange('share', value, 0, 1, whole)).toThrow(message);
});
