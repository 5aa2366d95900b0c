import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renameImages } from '../../../src/datasets/check/rename-images.ts';
import { smallDataset } from './datasets.ts';

const dataset = { ...smallDataset(1, []), imageFolder: join('data', 'set', 'val') };
const nameFrom = (folder: string) => renameImages(dataset, folder)?.images[0]?.fileName;

test('names from a parent folder get the path as a prefix', () => {
  expect(nameFrom('data')).toBe('set/val/a.jpg');
});

test('names from their own folder stay', () => {
  expect(nameFrom(join('data', 'set', 'val'))).toBe('a.jpg');
});

test('there are no names from a sibling folder', () => {
  expect(nameFrom(join('data', 'other'))).toBeUndefined();
});
