import { expect, test } from 'vitest';
import { UsualSplits } from '../../../src/datasets/output/usual-splits.ts';

test.each([
  ['train', 'train'],
  ['train2017', 'train'],
  ['val', 'val'],
  ['valid', 'val'],
  ['Val2017', 'val'],
  ['test-dev', 'test'],
  ['cats', 'train'],
])('the split %s is %s', (split, key) => {
  expect(new UsualSplits().keyOf(split)).toBe(key);
});

test('refuses two splits of one key', () => {
  const splits = new UsualSplits();
  for (const split of ['train', 'valid', 'test']) splits.claim(split);
  expect(() => splits.claim('val')).toThrow(/split "val": .*"valid" is already val/);
});
