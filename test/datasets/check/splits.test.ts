import { expect, test } from 'vitest';
import { checkSplits } from '../../../src/datasets/check/splits.ts';
import { decoded, missing, smallDataset } from './datasets.ts';

test('reports an image in both splits under any name', () => {
  const train = { name: 'train', dataset: smallDataset(2, []), facts: [decoded('x'), decoded('y')] };
  const val = { name: 'val', dataset: smallDataset(2, []), facts: [decoded('z'), decoded('x')] };
  expect(checkSplits([train, val])).toEqual([
    { kind: 'image-in-two-splits', place: 'val: b.jpg', message: 'same bytes as train: a.jpg' },
  ]);
});

test('files with the same name and other bytes are different images', () => {
  const train = { name: 'train', dataset: smallDataset(1, []), facts: [decoded('x')] };
  const val = { name: 'val', dataset: smallDataset(1, []), facts: [decoded('y')] };
  expect(checkSplits([train, val])).toEqual([]);
});

test('missing files are not the same file', () => {
  const train = { name: 'train', dataset: smallDataset(1, []), facts: [missing] };
  expect(checkSplits([train, { ...train, name: 'val' }])).toEqual([]);
});
