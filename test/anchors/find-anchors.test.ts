import { expect, test } from 'vitest';
import { anchorFit, type BoxSize } from '../../src/anchors/anchor-fit.ts';
import { clusterAnchors } from '../../src/anchors/find-anchors.ts';
import { uniformRandom } from '../../src/foundation/random.ts';

/** Boxes scattered around given sizes, by up to a tenth. */
function scattered(centers: readonly BoxSize[], each: number): BoxSize[] {
  const uniform = uniformRandom(9);
  const near = (value: number) => value * (0.9 + 0.2 * uniform());
  return centers.flatMap(([width, height]) =>
    Array.from({ length: each }, (): BoxSize => [near(width), near(height)]),
  );
}

test('finds the sizes that boxes scatter around', () => {
  const centers: BoxSize[] = [
    [12, 20],
    [60, 30],
    [90, 200],
  ];
  const anchors = clusterAnchors(scattered(centers, 200), 3);
  for (const [index, [width, height]] of anchors.entries()) {
    expect(Math.abs(width - centers[index]![0]) / width).toBeLessThan(0.05);
    expect(Math.abs(height - centers[index]![1]) / height).toBeLessThan(0.05);
  }
});

test('anchors fit their boxes better than a grid of guesses', () => {
  const uniform = uniformRandom(2);
  const sizes = Array.from({ length: 800 }, (): BoxSize => [8 * 40 ** uniform(), 8 * 20 ** uniform()]);
  const guesses: BoxSize[] = [
    [16, 16],
    [64, 64],
    [200, 100],
    [30, 120],
  ];
  const { meanIou } = anchorFit(sizes, clusterAnchors(sizes, 4));
  expect(meanIou).toBeGreaterThan(anchorFit(sizes, guesses).meanIou);
});

test('the same seed gives the same anchors', () => {
  const sizes = scattered(
    [
      [20, 30],
      [80, 60],
    ],
    50,
  );
  expect(clusterAnchors(sizes, 4, 5)).toEqual(clusterAnchors(sizes, 4, 5));
});

test('sorts anchors from small to large', () => {
  const areas = clusterAnchors(
    scattered(
      [
        [90, 90],
        [10, 10],
        [40, 40],
      ],
      30,
    ),
    3,
  ).map(([w, h]) => w * h);
  expect(areas).toEqual([...areas].sort((a, b) => a - b));
});

test('refuses more anchors than there are box sizes', () => {
  const same: BoxSize[] = [
    [5, 5],
    [5, 5],
    [7, 7],
  ];
  expect(() => clusterAnchors(same, 3)).toThrow(/^3 anchors: there are only 2 distinct box sizes/);
});
