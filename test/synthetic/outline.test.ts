import { expect, test } from 'vitest';
import { outlineBox, placeOutline } from '../../src/synthetic/outline.ts';
import { SHAPE_NAMES, SHAPES } from '../../src/synthetic/shapes.ts';

test.each(SHAPE_NAMES)('the box of a placed %s has the requested side and center', (name) => {
  for (const rotation of [0, 0.3, 2, 4.5]) {
    const pose = { center: [50, 70], side: 40, rotation, stretch: 1.4 } as const;
    const [left, top, right, bottom] = outlineBox(placeOutline(SHAPES[name], pose));
    expect(Math.max(right - left, bottom - top)).toBeCloseTo(40, 9);
    expect([(left + right) / 2, (top + bottom) / 2]).toEqual([expect.closeTo(50, 9), expect.closeTo(70, 9)]);
  }
});

test('a circle of 200 px is round to a twentieth of a pixel', () => {
  const points = SHAPES.circle[0];
  const middles = points.map(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length]!;
    return Math.hypot((x + nextX) / 2, (y + nextY) / 2);
  });
  expect(100 * (1 - Math.min(...middles))).toBeLessThan(0.05);
});
