import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { dropoutMasks } from '../../../src/training/loader/dropout-masks.ts';

const builder = new NetworkBuilder([3, 40, 50]);
builder.dropout('drop', 'input', 0.25);
const network = builder.build('dropping');

test('drops a quarter and scales the rest to compensate', () => {
  const { shape, data } = dropoutMasks(network, [1, 2])['drop.mask']!;
  expect(shape).toEqual([2, 3, 40, 50]);
  expect(new Set(data)).toEqual(new Set([0, Math.fround(4 / 3)]));
  // 12,000 values: three standard deviations are 0.012.
  expect(data.filter((value) => value === 0).length / data.length).toBeCloseTo(0.25, 1);
  expect([...data].reduce((sum, value) => sum + value) / data.length).toBeCloseTo(1, 1);
});

test('an image has the same mask for its seed, whatever is in its batch', () => {
  const alone = dropoutMasks(network, [7])['drop.mask']!.data;
  const together = dropoutMasks(network, [3, 7])['drop.mask']!.data;
  expect(together.slice(alone.length)).toEqual(alone);
  expect(together.slice(0, alone.length)).not.toEqual(alone);
});
