import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renameImages } from '../../../src/datasets/check/rename-images.ts';
import { smallDataset } from './datasets.ts';

const dataset = { ...smallDataset(1, []), imageFolder: join('data', 'set', 'val') };
const nameFrom = (folder: string) => renameImages(dataset, folder)?.images[0]?.fileName;

test('from a folder above, names begin with the way down', () => {
  expect(nameFrom('data')).toBe('set/val/a.jpg');
});

test('from their own folder, names stay', () => {
  expect(nameFrom(join('data', 'set', 'val'))).toBe('a.jpg');
});

test('from beside, there are none', () => {
  expect(nameFrom(join('data', 'other'))).toBeUndefined();
});
