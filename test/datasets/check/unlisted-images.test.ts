import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkUnlistedImages } from '../../../src/datasets/check/unlisted-images.ts';
import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { temporaryFolder, writeDeep } from '../../temporary-files.ts';

const root = temporaryFolder();
for (const name of ['a.jpg', 'b.jpg', 'deep/c.png', 'notes.txt']) await writeDeep(join(root, name), '');

const listing = (...names: readonly string[]): Dataset => ({
  images: names.map((fileName, index) => ({ id: index + 1, fileName, width: 8, height: 8 })),
  categories: [],
  annotations: annotationTable([]),
  imageFolder: root,
  extra: {},
});

test('counts images in the folder without a record, and names the first', async () => {
  expect(await checkUnlistedImages([listing('a.jpg')])).toEqual([
    {
      kind: 'unlisted-images',
      place: root,
      message: '2 images are in no record; the first is b.jpg',
      count: 2,
    },
  ]);
});

test('splits that share a folder list its images together', async () => {
  expect(await checkUnlistedImages([listing('a.jpg'), listing('b.jpg', 'deep/c.png')])).toEqual([]);
});
