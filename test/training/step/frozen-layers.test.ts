import { expect, test } from 'vitest';
import { buildDetector } from '../../../src/network/registry.ts';
import { checkFrozen, frozenLayers } from '../../../src/training/step/frozen-layers.ts';

test('freezes layers by name or prefix', () => {
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

test('refuses a pattern that matches no layer', () => {
  const network = buildDetector('micro-yolo');
  expect(() => checkFrozen(['backbone.0.*', 'stage1*'], network)).toThrow(
    /freeze "stage1\*": matches no layer of micro-yolo, which has backbone\./,
  );
  expect(() => checkFrozen(['backbone.0.*', 'head.*'], network)).not.toThrow();
});
