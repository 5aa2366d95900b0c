import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDataset } from '../../../src/tasks/datasets/check/check-dataset.ts';
import { convertDataset } from '../../../src/tasks/datasets/convert-dataset.ts';
import { fitAnchors } from '../../../src/tasks/datasets/fit-anchors.ts';
import { subsetDatasetFiles } from '../../../src/tasks/datasets/subset-dataset.ts';
import { temporaryFolder, writePhoto } from '../../temporary-files.ts';

const root = temporaryFolder();
const input = join(root, 'pets');
for (const name of ['cat', 'dog']) await writePhoto(join(input, 'train', name, '1.jpg'));
const out = join(root, 'out');

test.each([
  ['converted', () => convertDataset({ data: input, out, to: 'yolo' })],
  ['cut down', () => subsetDatasetFiles({ data: input, out, subset: { images: 1 } })],
  ['mended', () => checkDataset({ data: [input], fix: join(root, 'mended.json') })],
  ['fitted with anchors', () => fitAnchors({ data: [input] })],
] as const)('images of one class each cannot be %s as boxes', async (_, use) => {
  await expect(use()).rejects.toThrow(/has images of one class each, expected boxes/);
  expect((await readdir(root)).sort()).toEqual(['pets']);
});
