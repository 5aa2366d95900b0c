import { beforeEach, expect, test } from 'vitest';
import { Coverage } from '../../src/synthetic/coverage.ts';
import type { Outline } from '../../src/synthetic/outline.ts';

const rectangle = (left: number, top: number, right: number, bottom: number): Outline => [
  [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ],
];

let coverage: Coverage;
beforeEach(() => {
  coverage = new Coverage({ width: 20, height: 20 });
});

test('an uncovered object has an exact box', () => {
  const number = coverage.add(rectangle(2.25, 3.5, 8.75, 9.125));
  expect(coverage.visibleBox(number)).toEqual([2.25, 3.5, 8.75, 9.125]);
});

test('a box ends at the outline that covers it', () => {
  const number = coverage.add(rectangle(2.25, 3.5, 8.75, 9));
  coverage.add(rectangle(6, 0, 20, 20));
  expect(coverage.visibleBox(number)).toEqual([2.25, 3.5, 6, 9]);
});

test('an outline over the middle of another keeps its box and takes its pixels', () => {
  const number = coverage.add(rectangle(0, 0, 10, 10));
  coverage.add(rectangle(2, 2, 6, 6));
  expect(coverage.visibleBox(number)).toEqual([0, 0, 10, 10]);
  expect(coverage.pixels(number)).toMatchObject({ area: 100, shown: 84 });
});

test('pixels outside the image count in the area but are not visible', () => {
  const number = coverage.add(rectangle(-5, 15, 5, 25));
  expect(coverage.pixels(number)).toMatchObject({ area: 100, shown: 25 });
  expect(coverage.visibleBox(number)).toEqual([0, 15, 5, 20]);
});

test('pixels covered twice are subtracted once', () => {
  const number = coverage.add(rectangle(0, 0, 10, 10));
  coverage.add(rectangle(0, 0, 5, 10));
  coverage.add(rectangle(0, 0, 6, 10));
  expect(coverage.pixels(number).shown).toBe(40);
});
