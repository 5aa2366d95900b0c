import { expect, test } from 'vitest';
import { develop } from '../../src/synthetic/develop.ts';
import { whiteRectangle } from '../image/pictures.ts';

const image = () => whiteRectangle(12, 10, [4, 3, 5, 4]);

test('leaves an image unchanged without blur and noise', () => {
  expect(develop(image(), { blur: 0, noise: 0, noiseSeed: 1 })).toEqual(image());
});

test('blur spreads an edge over one pixel on both sides', () => {
  const { data } = develop(image(), { blur: 0.2, noise: 0, noiseSeed: 1 });
  const row = Array.from({ length: 6 }, (_, x) => data[3 * (5 * 12 + x)]);
  expect(row).toEqual([0, 0, 0, 51, 204, 255]);
});

test('noise never wraps around from white to black', () => {
  const { data } = develop(image(), { blur: 0, noise: 20, noiseSeed: 1 });
  const whites = Array.from({ length: 4 }, (_, x) => data[3 * (5 * 12 + 5 + x)]!);
  for (const white of whites) expect(white).toBeGreaterThanOrEqual(235);
});
