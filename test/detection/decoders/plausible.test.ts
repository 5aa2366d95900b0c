import { expect, test } from 'vitest';
import { areCorners, arePixels, areScores } from '../../../src/detection/decoders/plausible.ts';

test('accepts as scores values from 0 to 1 that differ', () => {
  expect(areScores([0, 0.5, 1])).toBe(true);
  expect(areScores([0.5, 0.5])).toBe(false);
  expect(areScores([0.1, 1.1])).toBe(false);
  expect(areScores([0.1, Number.NaN])).toBe(false);
});

test('accepts as corners pairs that grow, and not centers and sides of small boxes', () => {
  expect(
    areCorners([
      [1, 1, 3, 3],
      [5, 5, 5, 9],
    ]),
  ).toBe(true);
  expect(areCorners([[50, 50, 10, 10]])).toBe(false);
});

test('accepts as pixels large finite numbers', () => {
  expect(arePixels([[10, 20, 30, 40]])).toBe(true);
  expect(arePixels([[0.1, 0.2, 0.3, 0.4]])).toBe(false);
  expect(arePixels([[10, 20, 30, Number.NaN]])).toBe(false);
});
