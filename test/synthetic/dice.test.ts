import { expect, test } from 'vitest';
import { dice, murmurSeed } from '../../src/synthetic/dice.ts';

test('the same numbers give the same seed, and another order gives another seed', () => {
  expect(murmurSeed(1, 2, 3)).toBe(murmurSeed(1, 2, 3));
  expect(murmurSeed(1, 2, 3)).not.toBe(murmurSeed(1, 3, 2));
});

test('ten thousand neighboring images have distinct seeds', () => {
  const seeds = Array.from({ length: 10_000 }, (_, index) => murmurSeed(1, index % 2, index >> 1));
  expect(new Set(seeds).size).toBe(10_000);
});

test('half of the logarithmic numbers are below the geometric mean', () => {
  const random = dice(3);
  const below = Array.from({ length: 4000 }, () => random.logBetween(8, 200)).filter((side) => side < 40);
  expect(below.length / 4000).toBeCloseTo(0.5, 1);
});

test('integers reach both ends', () => {
  const random = dice(4);
  const found = new Set(Array.from({ length: 200 }, () => random.integer(1, 4)));
  expect([...found].sort()).toEqual([1, 2, 3, 4]);
});
