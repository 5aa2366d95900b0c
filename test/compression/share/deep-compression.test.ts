import { expect, test } from 'vitest';
import { deepCompress, pruneSmallest } from '../../../src/compression/share/deep-compression.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { encodeShared } from '../../../src/models/formats/shared/shared-tensor.ts';

const random = uniformRandom(1);
const kernel = {
  shape: [64, 64, 3, 3],
  data: Float32Array.from({ length: 64 * 64 * 9 }, () => random() - 0.5),
};
const bias = { shape: [32], data: Float32Array.from({ length: 32 }, () => random()) };
const weights = new Map([
  ['conv.weight', kernel],
  ['conv.bias', bias],
]);

test('sets exactly the requested number of smallest weights to 0, even with ties', () => {
  const pruned = pruneSmallest({ shape: [6], data: Float32Array.of(1, -1, 0.5, -0.5, 0.5, 2) }, 0.5);
  expect([...pruned.data]).toEqual([1, -1, 0, 0, 0, 2]);
  const late = pruneSmallest({ shape: [5], data: Float32Array.of(2, 2, 1, 2, 2) }, 0.4);
  expect([...late.data]).toEqual([0, 2, 0, 2, 2]);
  const ties = pruneSmallest({ shape: [4], data: Float32Array.of(1, -1, 1, -1) }, 0.5);
  expect(ties.data.filter((value) => value === 0).length).toBe(2);
});

test('keeps biases unchanged and limits the number of distinct values of a kernel', () => {
  const { shared, weights: read } = deepCompress(weights, { centers: 16, sparsity: 0.75 });
  expect([...shared.keys()]).toEqual(['conv.weight']);
  expect(read.get('conv.bias')).toBe(bias);
  const numbers = new Set(read.get('conv.weight')!.data);
  expect(numbers.size).toBeLessThanOrEqual(16);
  expect(read.get('conv.weight')!.data.filter((value) => value === 0).length).toBe(0.75 * kernel.data.length);
});

test('each stage takes fewer bytes, and the last equals the size written', () => {
  const { shared, stages } = deepCompress(weights, { centers: 32, sparsity: 0.9 });
  expect(stages.original).toBe(4 * (kernel.data.length + bias.data.length));
  expect(stages.pruned).toBeLessThan(stages.original);
  expect(stages.shared).toBeLessThan(stages.pruned);
  expect(stages.coded).toBeLessThan(stages.shared);
  expect(stages.coded).toBe(4 * bias.data.length + encodeShared(shared.get('conv.weight')!).length);
});

test('more shared values come closer to the weights', () => {
  const errors = [4, 16, 64, 256].map((centers) => {
    const read = deepCompress(weights, { centers }).weights.get('conv.weight')!.data;
    return read.reduce((sum, value, i) => sum + (value - kernel.data[i]!) ** 2, 0);
  });
  expect(errors).toEqual(errors.toSorted((a, b) => b - a));
});
