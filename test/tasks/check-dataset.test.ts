import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkDataset } from '../../src/tasks/check-dataset.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { writeDamagedDataset } from './damaged-dataset.ts';

const folder = temporaryFolder();
beforeAll(() => writeDamagedDataset(folder));

async function counts(...data: string[]): Promise<Readonly<Record<string, number>>> {
  const { findings } = await checkDataset({ data: data.map((name) => join(folder, name)) });
  return Object.fromEntries(findings.map(({ kind, places }) => [kind, places.length]));
}

test('every fault of a data set is found', async () => {
  expect(await counts('train.json')).toEqual({
    'missing-image-file': 1,
    'bad-image-file': 1,
    'wrong-image-size': 1,
    'bad-box': 2,
    'unknown-category': 1,
    'duplicate-id': 1,
    'missing-image-record': 1,
    'box-outside-image': 1,
    'box-beyond-edge': 1,
    'empty-box': 1,
    'duplicate-box': 1,
    'background-image': 1,
  });
});

test('an image of two data sets is found though it is renamed', async () => {
  expect(await counts('train.json', 'val.json')).toMatchObject({ 'image-in-two-splits': 1 });
});

test('all splits of a folder are checked, and one where that is asked for', async () => {
  const all = await checkDataset({ data: [folder] });
  expect(all.splits.map(({ label }) => label).sort()).toEqual(['train', 'val']);
  const one = await checkDataset({ data: [folder], split: 'val' });
  expect(one.splits).toMatchObject([{ label: 'val', images: 1, annotations: 1 }]);
});

test('what is mended has nothing left but notes', async () => {
  const fix = join(folder, 'mended.json');
  const { fixed } = await checkDataset({ data: [join(folder, 'train.json')], fix });
  expect(fixed?.changes).toContain('unusable records left out: 5');
  expect(fixed?.changes).toContain('unreadable images left out: 2');
  expect(fixed?.changes).toContain('images of another size than their boxes are for left out: 1');
  const { splits, findings } = await checkDataset({ data: [fix] });
  expect(splits).toMatchObject([{ images: 2, annotations: 2 }]);
  expect(findings.map(({ kind }) => kind)).toEqual(['background-image']);
});

test('the source is never overwritten', async () => {
  const before = await readFile(join(folder, 'train.json'), 'utf8');
  const options = { data: [join(folder, 'train.json')], fix: join(folder, 'train', '..', 'train.json') };
  await expect(checkDataset(options)).rejects.toThrow(/would overwrite its source/);
  // Nor where the data are named by their folder.
  const byFolder = { data: [folder], split: 'train', fix: join(folder, 'train.json') };
  await expect(checkDataset(byFolder)).rejects.toThrow(/would overwrite its source/);
  expect(await readFile(join(folder, 'train.json'), 'utf8')).toBe(before);
});

test('two data sets cannot be mended into one file', async () => {
  const data = [join(folder, 'train.json'), join(folder, 'val.json')];
  const options = { data, fix: join(folder, 'both.json') };
  await expect(checkDataset(options)).rejects.toThrow(
    /one file, but the splits train, val; check one at a time/,
  );
});

test('a file mended elsewhere says where its images are', async () => {
  const other = join(folder, 'val', 'mended.json');
  const { fixed } = await checkDataset({ data: [join(folder, 'train.json')], fix: other });
  expect(fixed?.changes.at(-1)).toMatch(/^images stay in .*train: read with --images$/);
});

test('findings do not depend on the number of workers', async () => {
  const data = [join(folder, 'train.json'), join(folder, 'val.json')];
  const [one, many] = await Promise.all([1, 5].map((workers) => checkDataset({ data, workers })));
  expect(many).toEqual(one);
});

test('events count the images', async () => {
  const types: string[] = [];
  await checkDataset({ data: [join(folder, 'train.json')] }, ({ type }) => types.push(type));
  expect(types).toEqual(['started', ...Array.from({ length: 5 }, () => 'image')]);
});

test('no data set at all is refused', async () => {
  await expect(checkDataset({ data: [] })).rejects.toThrow('data: no data set, expected at least one');
});
