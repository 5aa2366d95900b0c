import { copyFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../../src/files.ts';
import { openSplits } from '../../src/tasks/open-splits.ts';
import { temporaryFolder } from '../image/pictures.ts';
import { writeDamagedDataset } from './damaged-dataset.ts';

const inFolder = temporaryFolder();
beforeAll(async () => {
  await writeDamagedDataset(inFolder());
  await makeFolder(inFolder('other'));
  await copyFile(inFolder('val.json'), inFolder('other', 'val.json'));
});
const onProblem = () => {};

test('a file is named by its path, a split of a folder by both', async () => {
  const [file] = await openSplits([inFolder('val.json')], { onProblem });
  const folder = await openSplits([inFolder()], { onProblem });
  expect(file).toMatchObject({ name: inFolder('val.json'), label: 'val' });
  expect(folder.map(({ name }) => name)).toEqual([`${inFolder()} (train)`, `${inFolder()} (val)`]);
});

test('labels tell data sets apart whose splits and files have the same names', async () => {
  const splits = await openSplits([inFolder('val.json'), inFolder('other', 'val.json')], { onProblem });
  expect(new Set(splits.map(({ label }) => label)).size).toBe(2);
});

test('a split that is not there is refused, with those that are', async () => {
  await expect(openSplits([inFolder()], { onProblem, split: 'tset' })).rejects.toThrow(
    /^split "tset": .* has (train, val|val, train)/,
  );
});
