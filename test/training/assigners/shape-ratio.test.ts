import { describe, expect, test } from 'vitest';
import { shapeRatio } from '../../../src/training/assigners/shape-ratio.ts';
import { headOf, places, truthAt } from './heads.ts';

describe('shapeRatio', () => {
  const head = headOf(8, [[8, 8]]);
  const cells = (x: number, y: number) =>
    places(shapeRatio(truthAt(x, y, 8, 8), [head])).map((place) => place.slice(2));

  test.each([
    [
      'left and above',
      [26, 10],
      [
        [1, 3],
        [0, 3],
        [1, 2],
      ],
    ],
    [
      'right and above',
      [30, 10],
      [
        [1, 3],
        [0, 3],
        [1, 4],
      ],
    ],
    [
      'left and below',
      [26, 14],
      [
        [1, 3],
        [2, 3],
        [1, 2],
      ],
    ],
    [
      'right and below',
      [30, 14],
      [
        [1, 3],
        [2, 3],
        [1, 4],
      ],
    ],
    // Equally far from both: the one after.
    [
      'right and below of the middle',
      [28, 12],
      [
        [1, 3],
        [2, 3],
        [1, 4],
      ],
    ],
  ] as const)('assigns a truth to its cell and the neighbors %s', (_, [x, y], expected) => {
    expect(cells(x, y)).toEqual(expected);
  });

  test.each([
    [
      'left',
      [2, 14],
      [
        [1, 0],
        [2, 0],
      ],
    ],
    [
      'right',
      [62, 14],
      [
        [1, 7],
        [2, 7],
      ],
    ],
    [
      'upper',
      [26, 2],
      [
        [0, 3],
        [0, 2],
      ],
    ],
    [
      'lower',
      [26, 30],
      [
        [3, 3],
        [3, 2],
      ],
    ],
  ] as const)('leaves out the neighbor beyond the %s edge', (_, [x, y], expected) => {
    expect(cells(x, y)).toEqual(expected);
  });

  test('has a single cell left in a corner', () => {
    expect(cells(1, 1)).toEqual([[0, 0]]);
    expect(cells(63, 31)).toEqual([[3, 7]]);
  });

  test('assigns a truth to every anchor of every head within a factor of 4', () => {
    const heads = [
      headOf(16, [
        [40, 40],
        [32, 8],
        [11, 11],
      ]),
      headOf(8, [
        [10, 10],
        [2, 10],
        [2.5, 10],
        [39.9, 10],
      ]),
    ];
    const found = places(shapeRatio(truthAt(33, 17, 10, 10), heads));
    const anchors = new Set(found.map(([index, anchor]) => `${index}.${anchor}`));
    // 40 and 2.5 are exactly 4 times as large or small as 10, which is too much.
    expect([...anchors]).toEqual(['0.1', '0.2', '1.0', '1.3']);
    expect(found).toHaveLength(3 * anchors.size);
  });

  test('finds no place for a truth that no anchor fits', () => {
    expect(shapeRatio(truthAt(20, 20, 100, 100), [head])).toEqual([]);
  });

  test('ranks own cells before neighbors, and each by nearness of shape', () => {
    const [own, near] = shapeRatio(truthAt(26, 10, 24, 8), [head]);
    const [, better] = shapeRatio(truthAt(26, 10, 10, 8), [head]);
    expect(own!.match).toBeGreaterThan(better!.match);
    expect(better!.match).toBeGreaterThan(near!.match);
  });
});
