import { describe, expect, test } from 'vitest';
import { flipHorizontally, flipVertically } from '../../../src/training/augmentation/flip.ts';
import { anyRedRectangle, expectRedInBox, fingerprint, noise, redRectangle } from './painted.ts';

describe.each([
  ['flipHorizontally', flipHorizontally],
  ['flipVertically', flipVertically],
] as const)('%s', (_, flip) => {
  test('twice is the identity, at any size', () => {
    for (const [width, height] of [
      [1, 1],
      [3, 500],
      [500, 3],
      [17, 8],
    ] as const) {
      const scene = {
        image: noise({ width, height }),
        objects: [{ box: [0, 0, width / 2, height / 4] as const, classId: 5 }],
      };
      const before = fingerprint(scene);
      expect(fingerprint(flip(flip(scene)))).toBe(before);
      expect(fingerprint(scene)).toBe(before);
    }
  });

  test('moves a painted rectangle with its box', () => {
    for (let seed = 0; seed < 50; seed++) expectRedInBox(flip(anyRedRectangle(seed)));
  });
});

test('mirrors a box of 20×10 at the middle', () => {
  const scene = redRectangle({ width: 20, height: 10 }, [2, 1, 5, 4]);
  expect(flipHorizontally(scene).objects[0]!.box).toEqual([15, 1, 18, 4]);
  expect(flipVertically(scene).objects[0]!.box).toEqual([2, 6, 5, 9]);
});
