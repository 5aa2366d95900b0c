import { expect, test } from 'vitest';
import { anchorFit, type BoxSize } from '../../src/anchors/anchor-fit.ts';
import { refineAnchors } from '../../src/anchors/refine-anchors.ts';

test('moves an anchor to the size of the boxes', () => {
  const sizes: BoxSize[] = [[50, 80]];
  const [anchor] = refineAnchors(sizes, [[40, 100]]);
  expect(anchorFit(sizes, [anchor!]).meanIou).toBeGreaterThan(0.97);
});

test('leaves anchors that fit unchanged', () => {
  const anchors: BoxSize[] = [
    [10, 10],
    [50, 20],
  ];
  expect(
    refineAnchors(
      [
        [10, 10],
        [50, 20],
      ],
      anchors,
    ),
  ).toEqual(anchors);
});
