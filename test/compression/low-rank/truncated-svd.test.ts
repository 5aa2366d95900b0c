import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { SplitLayer } from '../../../src/compression/low-rank/kernel.ts';
import { product } from '../../../src/compression/low-rank/product.ts';
import { spatialSplitter } from '../../../src/compression/low-rank/spatial-splitter.ts';
import { symmetricEigen } from '../../../src/compression/low-rank/symmetric-eigen.ts';
import { multiply, TruncatedSvd } from '../../../src/compression/low-rank/truncated-svd.ts';
import { tuckerSplitter } from '../../../src/compression/low-rank/tucker-splitter.ts';
import type { ConvLayer } from '../../../src/network/layers.ts';

interface Numbers {
  readonly shape: number[];
  readonly data: number[];
}
/** Made with NumPy by scripts/goldens/low_rank.py. */
const golden = JSON.parse(readFileSync(new URL('./fixtures/numpy.json', import.meta.url), 'utf8')) as {
  readonly matrices: { matrix: Numbers; rank: number; singular: number[]; nearest: Numbers }[];
  readonly kernels: {
    kernel: Numbers;
    spatial: { ranks: number[]; left: Numbers };
    tucker: { ranks: number[]; left: Numbers };
  }[];
};

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, place) => Math.max(most, Math.abs(value - b[place]!)), 0);

test.each(golden.matrices)("singular values and the nearest matrix of rank $rank equal NumPy's", (each) => {
  const { matrix, rank, singular, nearest } = each;
  const svd = new TruncatedSvd(Float64Array.from(matrix.data), matrix.shape[0]!);
  expect(largestDifference(svd.energies.map(Math.sqrt), singular)).toBeLessThan(1e-7);
  const { left, right } = svd.factors(rank);
  expect(largestDifference(multiply(left, right, rank), nearest.data)).toBeLessThan(1e-10);
});

describe.each(golden.kernels)(
  'what is left of a kernel equals what NumPy leaves',
  ({ kernel, spatial, tucker }) => {
    const { shape, data } = kernel;
    const layer: ConvLayer = {
      ...{ type: 'conv', name: 'conv', inputs: ['input'], outChannels: shape[0]!, kernel: 3 },
      ...{ stride: 1, padding: [1, 1, 1, 1], groups: 1, bias: false },
    };
    const weight = { shape, data: Float32Array.from(data) };
    const split: SplitLayer & { layer: ConvLayer } = { layer, input: [shape[1]!, 8, 8], weight };

    test.each([
      ['spatial', spatialSplitter(split), spatial],
      ['tucker', tuckerSplitter(split), tucker],
    ] as const)('by %s', (_, splitter, { ranks, left }) => {
      const { data: found } = product(
        splitter.factors(ranks, (part) => part),
        split,
      );
      expect(largestDifference(found, left.data)).toBeLessThan(1e-6);
    });

    test.each([spatialSplitter(split), tuckerSplitter(split)])(
      'loses exactly the energy that $method predicts',
      (splitter) => {
        const energy = (values: ArrayLike<number>) =>
          Array.from(values).reduce((sum, value) => sum + value ** 2, 0);
        for (const { ranks, lost } of splitter.choices(2)) {
          const { data: found } = product(
            splitter.factors(ranks, (part) => part),
            split,
          );
          const share = energy(data.map((value, place) => value - found[place]!)) / energy(data);
          expect(Math.abs(lost - share)).toBeLessThan(1e-6);
        }
      },
    );
  },
);

test('finds the eigenvectors of a symmetric matrix, with length 1', () => {
  const n = 30;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const value = Math.sin(7.13 * i + 3.7 * j + 1) * ((i * j) % 5);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  const { values, vectors } = symmetricEigen(matrix, n);
  for (const [place, value] of values.entries()) {
    const vector = vectors.slice(place * n, (place + 1) * n);
    const expected = vector.map((each) => value * each);
    expect(largestDifference(multiply(matrix, vector, n), expected)).toBeLessThan(1e-12);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 12);
  }
  expect(Array.from(values)).toEqual(Array.from(values).sort((a, b) => b - a));
});

test('a matrix of zeros has no energy, and its factors are zeros', () => {
  const svd = new TruncatedSvd(new Float64Array(12), 3);
  const { left, right } = svd.factors(2);
  expect(Array.from(svd.energies)).toEqual([0, 0, 0]);
  expect(multiply(left, right, 2).every((value) => value === 0)).toBe(true);
});
