import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shiftTensor, shiftWeights } from '../../../src/compression/shift/shift-weights.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { shiftedValues } from '../../../src/models/formats/shift/shift-tensor.ts';

interface Case {
  readonly shape: number[];
  readonly bits: number;
  readonly block: number;
  readonly along: 'channels' | 'places';
  readonly data: number[];
  readonly integers: number[];
  readonly shifts: number[];
  readonly values: number[];
}
/** Made with NumPy by scripts/goldens/distribution_shift.py. */
const golden = JSON.parse(
  readFileSync(new URL('./fixtures/numpy.json', import.meta.url), 'utf8'),
) as readonly Case[];

test.each(golden)("$bits bits in blocks of $block along $along equal NumPy's", (each) => {
  const made = shiftTensor({ shape: each.shape, data: Float32Array.from(each.data) }, each);
  expect(Array.from(made.integers)).toEqual(each.integers);
  expect(Array.from(made.shifts)).toEqual(each.shifts);
  expect(Array.from(shiftedValues(made))).toEqual(each.values);
});

const random = uniformRandom(1);
const tensor = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random() - 0.5),
});
const weights = new Map([
  ['conv.weight', tensor(32, 48, 3, 3)],
  ['depthwise.weight', tensor(128, 1, 3, 3)],
  ['small.weight', tensor(8, 8, 1, 1)],
  ['conv.bias', tensor(32)],
]);

test('more bits and smaller blocks lose less', () => {
  const lost = (bits: number, block: number) =>
    shiftWeights(weights, { bits, block }).errors.get('conv.weight')!;
  const byBits = [2, 3, 4, 5, 6, 7, 8].map((bits) => lost(bits, 32));
  expect(byBits).toEqual(byBits.toSorted((a, b) => b - a));
  const byBlock = [48, 32, 16, 8, 4].map((block) => lost(4, block));
  expect(byBlock).toEqual(byBlock.toSorted((a, b) => b - a));
  expect(lost(8, 4)).toBeLessThan(1e-4);
});

test('small kernels, biases and depthwise kernels are unchanged', () => {
  const { shifted, weights: read } = shiftWeights(weights);
  expect([...shifted.keys()]).toEqual(['conv.weight']);
  for (const name of ['depthwise.weight', 'small.weight', 'conv.bias'])
    expect(read.get(name)).toBe(weights.get(name));
});

test('depthwise kernels are split into blocks of positions if requested', () => {
  const { shifted } = shiftWeights(weights, { depthwise: 'places' });
  const made = shifted.get('depthwise.weight')!;
  expect(made).toMatchObject({ along: 'places', block: 9 });
  expect(made.shifts).toHaveLength(128);
});
