import { describe, expect, test } from 'vitest';
import type { XyxyPx } from '../../src/boxes/formats.ts';
import { boxArea, iou, sizeIou } from '../../src/boxes/iou.ts';
import { uniformRandom } from '../../src/foundation/random.ts';

const SIDE = 10;

/** Whether a box on whole pixels covers each of the SIDE × SIDE cells. */
function cells([left, top, right, bottom]: XyxyPx): boolean[] {
  return Array.from({ length: SIDE * SIDE }, (_, cell) => {
    const [x, y] = [cell % SIDE, Math.floor(cell / SIDE)];
    return x >= left && x < right && y >= top && y < bottom;
  });
}

function randomBox(random: () => number): XyxyPx {
  const edge = () => Math.floor(random() * (SIDE + 1));
  return [edge(), edge(), edge(), edge()];
}

describe('iou', () => {
  test('is the share of cells that two boxes have in common', () => {
    const random = uniformRandom(1);
    for (let i = 0; i < 3000; i++) {
      const [a, b] = [randomBox(random), randomBox(random)];
      const [inA, inB] = [cells(a), cells(b)];
      const both = inA.filter((covered, cell) => covered && inB[cell]).length;
      const either = inA.filter((covered, cell) => covered || inB[cell]).length;
      expect(iou(a, b)).toBeCloseTo(either === 0 ? 0 : both / either, 12);
    }
  });

  test.each<[string, XyxyPx, XyxyPx, number]>([
    ['equal boxes', [1, 2, 5, 7], [1, 2, 5, 7], 1],
    ['a quarter inside', [0, 0, 4, 4], [0, 0, 2, 2], 0.25],
    ['boxes that overlap by half', [0, 0, 2, 1], [1, 0, 3, 1], 1 / 3],
    ['boxes side by side', [0, 0, 2, 2], [2, 0, 4, 2], 0],
    ['boxes apart', [0, 0, 1, 1], [5, 5, 6, 6], 0],
    ['equal boxes without area', [3, 3, 3, 3], [3, 3, 3, 3], 0],
    ['equal lines', [0, 3, 9, 3], [0, 3, 9, 3], 0],
    ['equal boxes inside out', [5, 5, 1, 1], [5, 5, 1, 1], 0],
    ['a box inside out within another', [5, 5, 1, 1], [0, 0, 9, 9], 0],
    ['a box of NaN', [Number.NaN, 0, 1, 1], [0, 0, 1, 1], 0],
  ])('%s', (_, a, b, expected) => {
    expect(iou(a, b)).toBeCloseTo(expected, 12);
    expect(iou(b, a)).toBe(iou(a, b));
  });
});

describe('boxArea', () => {
  test.each<[XyxyPx, number]>([
    [[1, 2, 4, 8], 18],
    [[-4, -2, -1, 0], 6],
    [[1, 1, 1, 9], 0],
    [[4, 2, 1, 8], 0],
    [[4, 8, 1, 2], 0],
  ])('the area of %j is %f', (box, area) => {
    expect(boxArea(box)).toBe(area);
  });
});

describe('sizeIou', () => {
  test.each([
    [[4, 6], [4, 6], 1],
    [[4, 6], [2, 3], 0.25],
    [[4, 2], [2, 4], 1 / 3],
    [[1, 100], [100, 1], 1 / 199],
  ] as const)('of sides %j and %j is %d', (a, b, expected) => {
    expect(sizeIou(a, b)).toBeCloseTo(expected, 12);
    expect(sizeIou(b, a)).toBeCloseTo(expected, 12);
  });
});
