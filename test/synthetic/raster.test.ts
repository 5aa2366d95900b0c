import { expect, test } from 'vitest';
import type { Outline } from '../../src/synthetic/outline.ts';
import { visitSpans } from '../../src/synthetic/raster.ts';

function spans(outline: Outline): (readonly [row: number, start: number, end: number])[] {
  const found: [number, number, number][] = [];
  visitSpans(outline, (...span) => found.push(span));
  return found;
}

const rectangle = (left: number, top: number, right: number, bottom: number) =>
  [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ] as const;

test('a pixel belongs to an outline that contains its center', () => {
  expect(spans([rectangle(1.4, 0.6, 3.6, 2.5)])).toEqual([[1, 1, 4]]);
});

test('rectangles with a common side share no pixel', () => {
  const [left] = spans([rectangle(0, 0, 2.5, 1)]);
  const [right] = spans([rectangle(2.5, 0, 5, 1)]);
  expect([left, right]).toEqual([
    [0, 0, 3],
    [0, 3, 5],
  ]);
});

test('an area inside two polygons is a hole', () => {
  expect(spans([rectangle(0, 0, 6, 1), rectangle(2, -1, 4, 2)]).filter(([row]) => row === 0)).toEqual([
    [0, 0, 2],
    [0, 4, 6],
  ]);
});
