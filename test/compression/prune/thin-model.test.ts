import { describe, expect, test } from 'vitest';
import { groupImportance, leastImportant } from '../../../src/compression/prune/importance.ts';
import { pruneSingleWeights } from '../../../src/compression/prune/single-weights.ts';
import { narrow, narrower, widths } from '../../../src/compression/prune/thin-model.ts';
import type { Tensor } from '../../../src/graph/operations.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { IMPORTANCES } from '../../../src/options/prune.ts';
import { randomWeights } from '../../network/random-weights.ts';

const network = buildDetector('micro-yolo', { classes: 2, size: 64 });
const weights = randomWeights(network, 3);

const widthOf = (name: string) => widths(network).find(({ group }) => group.name === name)!;

describe('widths', () => {
  test.for([
    // 256 channels, in steps of a block of 16, by share
    ['backbone.3.0.pointwise.conv', 0.25, 192],
    ['backbone.3.0.pointwise.conv', 0, 240],
    // 24 lies between multiples
    ['backbone.0.0.conv', 0, 16],
    ['backbone.1.0.conv', 0.25, 32],
  ] as const)('%s narrowed by %s becomes %s', ([name, share, expected]) => {
    expect(narrower(widthOf(name), 16, share)).toBe(expected);
  });

  test('ends at one block', () => {
    const [thin] = [narrow({ network, weights }, widthOf('backbone.0.0.conv'), 16, { kind: 'l1', seed: 1 })];
    const width = widths(thin.network).find(({ group }) => group.name === 'backbone.0.0.conv')!;
    expect(narrower(width, 16, 0)).toBeUndefined();
  });
});

describe('importance', () => {
  const { group } = widthOf('backbone.1.0.conv');

  test.for(IMPORTANCES)('%s gives each unit a number, the same for the same seed', (kind) => {
    const options = { kind, seed: 5, gradients: weights };
    const values = groupImportance(group, weights, options);
    expect(values).toHaveLength(48);
    expect(values.every((value) => value >= 0)).toBe(true);
    expect(groupImportance(group, weights, options)).toEqual(values);
  });

  test('l1 is the sum of the absolute weights of a filter', () => {
    const { data } = weights.get('backbone.1.0.conv.weight')!;
    const size = data.length / 48;
    const sum = data.subarray(0, size).reduce((total, value) => total + Math.abs(value), 0);
    expect(groupImportance(group, weights, { kind: 'l1', seed: 1 })[0]).toBeCloseTo(sum, 4);
  });

  test('removes the least important first', () => {
    expect(leastImportant([3, 1, 2, 1], 2)).toEqual([1, 3]);
  });
});

test('removes single weights by size over all kernels; norms keep theirs', () => {
  const kernel = (...values: number[]): Tensor => ({
    shape: [values.length, 1],
    data: Float32Array.from(values),
  });
  const norm: Tensor = { shape: [2], data: Float32Array.of(0.01, 0.02) };
  const zeroed = pruneSingleWeights(
    new Map([
      ['a', kernel(0.1, -5, 3)],
      ['b', kernel(-0.2, 4, -0.3)],
      ['norm', norm],
    ]),
    0.5,
  );
  expect([...zeroed.get('a')!.data]).toEqual([0, -5, 3]);
  expect([...zeroed.get('b')!.data]).toEqual([0, 4, 0]);
  expect(zeroed.get('norm')).toBe(norm);
});
