import { expect, test } from 'vitest';
import { type Background, paintBackground } from '../../src/synthetic/background.ts';

const SIZE = { width: 48, height: 32 };
const background = (texture: Background['texture']): Background => ({
  texture,
  colors: [
    [10, 200, 60],
    [110, 100, 0],
  ],
  scale: 9,
  angle: 0.7,
  seed: 5,
});

test.each(['gradient', 'clouds', 'stripes', 'checks', 'grain'] as const)(
  '%s varies between its colors',
  (texture) => {
    const { data } = paintBackground(background(texture), SIZE);
    const reds = data.filter((_, index) => index % 3 === 0);
    expect(Math.min(...reds)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...reds)).toBeLessThanOrEqual(110);
    expect(Math.max(...reds) - Math.min(...reds)).toBeGreaterThan(30);
  },
);

test('a plain background has its first color', () => {
  const { data } = paintBackground(background('plain'), SIZE);
  expect(new Set(data)).toEqual(new Set([10, 200, 60]));
});
