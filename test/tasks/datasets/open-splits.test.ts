import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../../../src/foundation/files/folders.ts';
import { openSplits } from '../../../src/tasks/datasets/open-splits.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { writeDamagedDataset } from './damaged-dataset.ts';

const folder = temporaryFolder();
beforeAll(async () => {
  await writeDamagedDataset(folder);
  await makeFolder(join(folder, 'other'));
  await copyFile(join(folder, 'val.json'), join(folder, 'other', 'val.json'));
});

const onProblem = () => {};

test('a file is named by its path, and a split of a folder by both', async () => {
  const [file] = await openSplits([join(folder, 'val.json')], { onProblem });
  const splits = await openSplits([folder], { onProblem });
  expect(file).toMatchObject({ name: join(folder, 'val.json'), label: 'val' });
  expect(splits.map(({ name }) => name)).toEqual([`${folder} (train)`, `${folder} (val)`]);
});

test('labels distinguish data sets whose splits and files have the same names', async () => {
  const splits = await openSplits([join(folder, 'val.json'), join(folder, 'other', 'val.json')], {
    onProblem,
  });
  expect(new Set(splits.map(({ label }) => label)).size).toBe(2);
});

test('refuses a missing split and names the existing ones', async () => {
  await expect(openSplits([folder], { onProblem, split: 'tset' })).rejects.toThrow(
    /^split "tset": .* has (train, val|val, train)/,
  );
});
