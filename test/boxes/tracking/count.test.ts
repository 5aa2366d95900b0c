import { describe, expect, test } from 'vitest';
import { LineCounter, type Point, ZoneCounter } from '../../../src/boxes/tracking/count.ts';

const at = ([x, y]: Point, id = 1) => ({ id, box: [x - 5, y - 5, 10, 10] as const });

function countOf(line: readonly [Point, Point], ...way: readonly Point[]) {
  const counter = new LineCounter(line);
  for (const point of way) counter.update([at(point)]);
  return counter.counts;
}

describe('a line', () => {
  // Drawn downward, so its right side is on the left of the image.
  const line = [
    [100, 0],
    [100, 200],
  ] as const;

  test('counts the side to which an object crosses it', () => {
    expect(countOf(line, [120, 50], [80, 50])).toEqual({ right: 1, left: 0 });
    expect(countOf(line, [80, 50], [120, 50])).toEqual({ right: 0, left: 1 });
    expect(countOf(line, [80, 50], [120, 50], [80, 60])).toEqual({ right: 1, left: 1 });
  });

  test('does not count an object that touches it and turns back, but one that stops on it and goes on', () => {
    expect(countOf(line, [80, 50], [100, 50], [80, 50])).toEqual({ right: 0, left: 0 });
    expect(countOf(line, [80, 50], [100, 50], [100, 60], [120, 50])).toEqual({ right: 0, left: 1 });
  });

  test('does not count an object that passes beyond its ends', () => {
    expect(countOf(line, [80, 250], [120, 250])).toEqual({ right: 0, left: 0 });
  });

  test('counts each object separately', () => {
    const counter = new LineCounter(line);
    counter.update([at([80, 20], 1), at([120, 60], 2)]);
    counter.update([at([120, 20], 1), at([80, 60], 2)]);
    expect(counter.counts).toEqual({ right: 1, left: 1 });
  });
});

describe('a zone', () => {
  const triangle: readonly Point[] = [
    [0, 0],
    [100, 0],
    [0, 100],
  ];

  test('counts objects that are inside, came in and went out', () => {
    const zone = new ZoneCounter(triangle);
    zone.update([at([20, 20], 1), at([90, 90], 2)]);
    expect([zone.inside, zone.entered, zone.left]).toEqual([1, 1, 0]);
    zone.update([at([30, 20], 1), at([40, 40], 2)]);
    expect([zone.inside, zone.entered, zone.left]).toEqual([2, 2, 0]);
    zone.update([at([200, 20], 1)]);
    expect([zone.inside, zone.entered, zone.left]).toEqual([0, 2, 1]);
  });

  test('is the same for either order of its corners', () => {
    for (const corners of [triangle, [...triangle].reverse()]) {
      const zone = new ZoneCounter(corners);
      zone.update([at([49, 49], 1), at([51, 51], 2), at([-1, 5], 3)]);
      expect(zone.inside).toBe(1);
    }
  });
});
