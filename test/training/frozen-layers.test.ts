import { expect, test } from 'vitest';
import { frozenLayers } from '../../src/training/frozen-layers.ts';

test('layers are frozen by name or beginning', () => {
  const frozen = frozenLayers(['stem', 'stage1*'])!;
  expect(['stem', 'stem2', 'stage1', 'stage1.conv', 'stage10', 'head'].map(frozen)).toEqual([
    true,
    false,
    true,
    true,
    true,
    false,
  ]);
  expect(frozenLayers([])).toBeUndefined();
});
