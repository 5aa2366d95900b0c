import { expect, test } from 'vitest';
import type { Tensor } from '../../src/graph/operations.ts';
import { transferWeights } from '../../src/model/transfer.ts';

const tensor = (shape: readonly number[], value: number): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
});

test('what fits by name and shape is taken, the rest starts anew', () => {
  const start = new Map([
    ['same', tensor([2, 3], 0)],
    ['other shape', tensor([3, 2], 0)],
    ['missing', tensor([1], 0)],
  ]);
  const from = new Map([
    ['same', tensor([2, 3], 1)],
    ['other shape', tensor([2, 3], 1)],
    ['unknown', tensor([1], 1)],
  ]);
  const { weights, taken, left } = transferWeights(start, from);
  expect(taken).toEqual(['same']);
  expect(left).toEqual(['other shape', 'missing']);
  expect([...weights.keys()]).toEqual([...start.keys()]);
  expect([...weights.values()].map(({ data }) => data[0])).toEqual([1, 0, 0]);
});
