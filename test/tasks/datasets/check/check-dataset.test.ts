import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkDataset } from '../../../../src/tasks/datasets/check/check-dataset.ts';
import { temporaryFolder } from '../../../temporary-files.ts';
import { writeDamagedDataset } from '../damaged-dataset.ts';

const folder = temporaryFolder();
beforeAll(() => writeDamagedDataset(folder));

async function counts(...data: string[]): Promise<Readonly<Record<string, number>>> {
  const { findings } = await checkDataset({ data: data.map((name) => join(folder, name)) });
  return Object.fromEntries(findings.map(({ kind, places }) => [kind, places.length]));
}

test('finds every fault of a data set', async () => {
  expect(await counts('train.json')).toEqual({
    'missing-image-file': 1,
    'bad-image-file': 1,
    'wrong-image-size': 1,
    'bad-box': 2,
    'unknown-category': 1,
    'annotation-id': 1,
    'missing-image-record': 1,
    'box-outside-image': 1,
    'box-beyond-edge': 1,
    'empty-box': 1,
    'duplicate-box': 1,
    'background-image': 1,
  });
});

test('finds an image of two data sets even if it is renamed', async () => {
  expect(await counts('train.json', 'val.json')).toMatchObject({ 'image-in-two-splits': 1 });
});

test('checks all splits of a folder, or one on request', async () => {
  const all = await checkDataset({ data: [folder] });
  expect(all.splits.map(({ label }) => label).sort()).toEqual(['train', 'val']);
  const one = await checkDataset({ data: [folder], split: 'val' });
  expect(one.splits).toMatchObject([{ label: 'val', images: 1, annotations: 1 }]);
});

test('the fixed data set has nothing left but notes', async () => {
  const fix = join(folder, 'mended.json');
  const { fixed } = await checkDataset({ data: [join(folder, 'train.json')], fix });
  expect(fixed?.changes).toContain('unusable records left out: 4');
  expect(fixed?.changes).toContain('unreadable images left out: 2');
  expect(fixed?.changes).toContain('images whose size does not match their boxes left out: 1');
  const { splits, findings } = await checkDataset({ data: [fix] });
  expect(splits).toMatchObject([{ images: 2, annotations: 3 }]);
  expect(findings.map(({ kind }) => kind)).toEqual(['unlisted-images', 'background-image']);
});

test('never overwrites the source', async () => {
  const before = await readFile(join(folder, 'train.json'), 'utf8');
  const options = { data: [join(folder, 'train.json')], fix: join(folder, 'train', '..', 'train.json') };
  await expect(checkDataset(options)).rejects.toThrow(/would overwrite its source/);
  // Nor if the data are named by their folder.
  const byFolder = { data: [folder], split: 'train', fix: join(folder, 'train.json') };
  await expect(checkDataset(byFolder)).rejects.toThrow(/would overwrite its source/);
  expect(await readFile(join(folder, 'train.json'), 'utf8')).toBe(before);
});

test('refuses to fix two data sets into one file', async () => {
  const data = [join(folder, 'train.json'), join(folder, 'val.json')];
  const options = { data, fix: join(folder, 'both.json') };
  await expect(checkDataset(options)).rejects.toThrow(
    /writes one file, but the data has the splits train, val; check one at a time/,
  );
});

test('a file fixed elsewhere says where its images are', async () => {
  const other = join(folder, 'val', 'mended.json');
  const { fixed } = await checkDataset({ data: [join(folder, 'train.json')], fix: other });
  expect(fixed?.changes.at(-1)).toMatch(/^images stay in .*train: read with `imageFolder`$/);
});

test('findings do not depend on the number of workers', async () => {
  const data = [join(folder, 'train.json'), join(folder, 'val.json')];
  const [one, many] = await Promise.all([1, 5].map((workers) => checkDataset({ data, workers })));
  expect(many).toEqual(one);
});

test('events count the images', async () => {
  const types: string[] = [];
  await checkDataset({ data: [join(folder, 'train.json')] }, { onEvent: ({ type }) => types.push(type) });
  expect(types).toEqual(['started', ...Array.from({ length: 5 }, () => 'item')]);
});

test('refuses a call without a data set', async () => {
  await expect(checkDataset({ data: [] })).rejects.toThrow('data: no data set, expected at least one');
});

async function fix(name: string, contents: object) {
  const data = join(folder, 'val', `${name}.json`);
  await writeFile(data, JSON.stringify(contents));
  const fixed = join(folder, 'val', `${name}-fixed.json`);
  const report = await checkDataset({ data: [data], fix: fixed });
  return { changes: report.fixed!.changes, again: await checkDataset({ data: [fixed] }) };
}

const size = { width: 64, height: 48 };
const pictures = [{ id: 1, file_name: 'renamed.png', ...size }];
const cats = [{ id: 1, name: 'cat' }];
const box = (id: unknown, left: number) => ({ id, image_id: 1, category_id: 1, bbox: [left, 4, 9, 20] });

test('numbers annotations with repeated ids, and loses none', async () => {
  const annotations = [box(1, 4), box(1, 14), box(undefined, 24)];
  const { changes, again } = await fix('repeated', { images: pictures, categories: cats, annotations });
  expect(changes).toEqual(['annotations numbered from 1']);
  expect(again.splits[0]?.annotations).toBe(3);
  expect(again.findings).toEqual([]);
});

test('finds and numbers an annotation with id 0', async () => {
  const contents = { images: pictures, categories: cats, annotations: [box(0, 4), box(1, 14)] };
  const { changes, again } = await fix('zero', contents);
  expect(changes).toEqual(['annotations numbered from 1, because id 0 never counts as found: 2']);
  expect(again.findings).toEqual([]);
});

test('leaves out images that share an id, and says so', async () => {
  const images = [
    ...pictures,
    { id: 2, file_name: 'a.png', ...size },
    { id: 2, file_name: 'b.png', ...size },
  ];
  const annotations = [box(1, 4), { ...box(2, 14), image_id: 2 }];
  const { changes, again } = await fix('shared', { images, categories: cats, annotations });
  expect(changes).toEqual(['unusable records left out: 3', 'of these, images that share an id: 2']);
  expect(again.splits[0]).toMatchObject({ images: 1, annotations: 1 });
});

test('does not write a file if no box would be left', async () => {
  const images = [...pictures, { id: 1, file_name: 'a.png', ...size }];
  await expect(fix('joined', { images, categories: cats, annotations: [box(1, 4)] })).rejects.toThrow(
    /no box would be left \(2 × id shared by two images, 1 × annotation without its image\)/,
  );
  await expect(readFile(join(folder, 'val/joined-fixed.json'))).rejects.toThrow(/ENOENT/);
});

test('does not fix classes that share an id', async () => {
  const categories = [...cats, { id: 1, name: 'dog' }, { id: 2, name: 'cow' }];
  const annotations = [box(1, 4), { ...box(2, 14), category_id: 2 }];
  await expect(fix('classes', { images: pictures, categories, annotations })).rejects.toThrow(
    /id 1 of "cat" is also the id of "dog"/,
  );
});

test('reports a split with crowds only as having no objects', async () => {
  const data = join(folder, 'val/crowds.json');
  const annotations = [{ ...box(1, 4), iscrowd: 1 }];
  await writeFile(data, JSON.stringify({ images: pictures, categories: cats, annotations }));
  const { findings } = await checkDataset({ data: [data] });
  expect(findings).toMatchObject([{ kind: 'no-objects', severity: 'warning' }]);
});
