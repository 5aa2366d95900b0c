import { describe, expect, test } from 'vitest';
import { bestAnchor } from '../../../src/training/assigners/best-anchor.ts';
import { headOf, places, truthAt } from './heads.ts';

describe('bestAnchor', () => {
  const coarse = headOf(16, [
    [30, 20],
    [20, 30],
  ]);
  const fine = headOf(8, [
    [6, 6],
    [12, 8],
  ]);
  const heads = [coarse, fine];

  test.each([
    [truthAt(40, 20, 28, 18), [0, 0, 1, 2]],
    [truthAt(40, 20, 18, 28), [0, 1, 1, 2]],
    [truthAt(40, 20, 5, 7), [1, 0, 2, 5]],
    [truthAt(41, 3, 13, 8), [1, 1, 0, 5]],
    // Larger and smaller than any anchor.
    [truthAt(10, 10, 300, 200), [0, 0, 0, 0]],
    [truthAt(10, 10, 0.5, 0.5), [1, 0, 1, 1]],
  ])('assigns a truth to the anchor nearest in shape, in the cell of its center: case %#', (truth, place) => {
    expect(places(bestAnchor(truth, heads))).toEqual([place]);
  });

  test('depends only on the shape: the same anchor wherever the box is', () => {
    const all = [0, 17, 63].flatMap((x) => [0, 9, 31].map((y) => bestAnchor(truthAt(x, y, 5, 7), heads)));
    expect(all.map(([assignment]) => [assignment!.head, assignment!.anchor, assignment!.match])).toEqual(
      all.map(() => [1, 0, 30 / (36 + 35 - 30)]),
    );
  });

  test('assigns a truth to every head that has its anchor', () => {
    const shared = [
      headOf(16, [
        [30, 20],
        [12, 8],
      ]),
      fine,
    ];
    expect(places(bestAnchor(truthAt(40, 20, 12, 8), shared))).toEqual([
      [0, 1, 1, 2],
      [1, 1, 2, 5],
    ]);
  });

  test('assigns a truth once per head, to the first of anchors that fit equally', () => {
    const doubled = headOf(8, [
      [4, 4],
      [10, 5],
      [10, 5],
      [5, 10],
    ]);
    expect(places(bestAnchor(truthAt(20, 12, 10, 5), [doubled]))).toEqual([[0, 1, 1, 2]]);
    expect(places(bestAnchor(truthAt(20, 12, 8, 8), [doubled]))).toEqual([[0, 1, 1, 2]]);
  });

  test.each([
    [truthAt(63.99, 31.99, 6, 6), [3, 7]],
    [truthAt(64, 32, 6, 6), [3, 7]],
    [truthAt(8, 8, 6, 6), [1, 1]],
    [truthAt(7.99, 7.99, 6, 6), [0, 0]],
    [truthAt(0, 0, 6, 6), [0, 0]],
    // A center outside the image, of a box that reaches into it.
    [truthAt(-1, 40, 6, 20), [3, 0]],
  ])('keeps cells inside the grid; a cell starts at its edge: case %#', (truth, cell) => {
    expect(places(bestAnchor(truth, [fine])).map((place) => place.slice(2))).toEqual([cell]);
  });
});
