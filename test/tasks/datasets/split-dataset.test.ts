import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { writeCoco } from '../../../src/datasets/formats/coco/write.ts';
import { DATASET_FORMATS } from '../../../src/datasets/formats/registry.ts';
import { loadDataset, openDataset } from '../../../src/datasets/open/description.ts';
import { checkDataset } from '../../../src/tasks/datasets/check/check-dataset.ts';
import { convertDataset } from '../../../src/tasks/datasets/convert-dataset.ts';
import { splitDatasetFiles } from '../../../src/tasks/datasets/split-dataset.ts';
import type { WriteDatasetEvent } from '../../../src/tasks/datasets/write-dataset.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { madePhoto } from '../../image/made-photo.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const root = temporaryFolder();
let count = 0;
const fresh = () => join(root, String(count++));
const input = join(root, 'input');
const data = join(input, 'labels.json');

/** Ten photos, each next to a smaller, recompressed copy. */
beforeAll(async () => {
  await mkdir(join(input, 'images'), { recursive: true });
  await writeCoco(madeDataset(), data);
  for (const [place, { fileName }] of madeDataset().images.entries()) {
    const photo = sharp(await madePhoto(1 + (place >> 1)));
    const twin = place % 2 === 1 ? photo.resize(200).jpeg({ quality: 60 }) : photo.jpeg();
    await writeFile(join(input, 'images', fileName), await twin.toBuffer());
  }
});

test('an image and its smaller, recompressed copy stay in one split', async () => {
  const out = fresh();
  const { nearDuplicates, splits } = await splitDatasetFiles({ data, out, val: 0.3, test: 0.2 });
  expect(nearDuplicates).toEqual({ images: 20, groups: 10 });
  expect(splits.map(({ split, images }) => [split, images])).toEqual([
    ['train', 10],
    ['val', 6],
    ['test', 4],
  ]);
  for (const split of ['train', 'val', 'test']) {
    const letters = (await readdir(join(out, split))).map((name) => name.charCodeAt(0) - 97);
    expect(letters.filter((place) => !letters.includes(place ^ 1))).toEqual([]);
  }
});

test('separates near-identical images on request', async () => {
  const options = { data, out: fresh(), val: 0.5, nearDuplicates: 'ignore' as const };
  const { nearDuplicates, splits } = await splitDatasetFiles(options);
  expect(nearDuplicates).toEqual({ images: 0, groups: 0 });
  expect(splits.map(({ images }) => images)).toEqual([10, 10]);
});

test.for(DATASET_FORMATS)('a data set in %s keeps its format and opens with its splits', async (format) => {
  const converted = fresh();
  const { path } = await convertDataset({ data, out: converted, to: format });
  const written = await splitDatasetFiles({ data: path, out: fresh(), val: 0.2, test: 0.2 });
  expect(written.format).toBe(format);
  expect(written.losses).toEqual([]);
  expect((await openDataset(written.path)).splits).toEqual(['train', 'val', 'test']);
  const parts = await Promise.all(
    ['train', 'val', 'test'].map((split) => loadDataset(written.path, { split })),
  );
  expect(parts.flatMap(({ images }) => images).length).toBe(20);
  for (const { categories } of parts) expect(categories).toEqual(parts[0]!.categories);
});

test('joins the splits first, or takes one of them', async () => {
  const first = fresh();
  await splitDatasetFiles({ data, out: first, val: 0.5 });
  const whole = await splitDatasetFiles({ data: first, out: fresh(), val: 0.3 });
  expect(whole.from).toEqual(['train', 'val']);
  expect(whole.splits.map(({ images }) => images)).toEqual([14, 6]);
  const part = await splitDatasetFiles({ data: first, out: fresh(), split: 'train', val: 0.2 });
  expect(part.splits.map(({ images }) => images)).toEqual([8, 2]);
});

test('counts boxes by class and names a class that a split lacks', async () => {
  const few = join(input, 'few.json');
  const dataset = madeDataset();
  const dogs = dataset.annotations.categories.map((category, row) => (row === 0 ? 2 : category % 2));
  await writeCoco({ ...dataset, annotations: { ...dataset.annotations, categories: dogs } }, few);
  const { classes, warnings } = await splitDatasetFiles({ data: few, out: fresh(), val: 0.3 });
  const totals = classes.map(({ name, boxes }) => [name, boxes['train']! + boxes['val']!]);
  expect(totals).toContainEqual(['dog', 1]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^class "dog": 1 box, none in (train|val)/);
});

test('reports an unreadable image and keeps it', async () => {
  const broken = fresh();
  await mkdir(join(broken, 'images'), { recursive: true });
  await writeCoco(madeDataset(), join(broken, 'labels.json'));
  for (const { fileName } of madeDataset().images) {
    await writeFile(
      join(broken, 'images', fileName),
      fileName === 'c.jpg' ? 'no image' : await madePhoto(fileName.charCodeAt(0)),
    );
  }
  const problems: WriteDatasetEvent[] = [];
  const { splits } = await splitDatasetFiles(
    { data: join(broken, 'labels.json'), out: fresh(), val: 0.3 },
    {
      onEvent: (event) => {
        if (event.type === 'problem') problems.push(event);
      },
    },
  );
  expect(splits.map(({ images }) => images)).toEqual([14, 6]);
  expect(problems).toMatchObject([{ problem: { kind: 'bad-image-file' } }]);
});

test('refuses a share that leaves a split empty before anything is written', async () => {
  const out = fresh();
  await expect(splitDatasetFiles({ data, out, val: 0.01 })).rejects.toThrow(
    'val 0.01: selects none of 20 images',
  );
  await expect(readdir(out)).rejects.toThrow('ENOENT');
});

test('dataset check finds near-identical images across splits on request', async () => {
  const out = fresh();
  await splitDatasetFiles({ data, out, val: 0.5, nearDuplicates: 'ignore' });
  const kinds = async (nearDuplicates: boolean, folder: string) =>
    (await checkDataset({ data: [folder], nearDuplicates })).findings.map(({ kind }) => kind);
  expect(await kinds(false, out)).not.toContain('near-duplicate-in-two-splits');
  expect(await kinds(true, out)).toContain('near-duplicate-in-two-splits');
  const apart = fresh();
  await splitDatasetFiles({ data, out: apart, val: 0.5 });
  expect(await kinds(true, apart)).not.toContain('near-duplicate-in-two-splits');
  await expect(checkDataset({ data: [data], nearDuplicates: true })).rejects.toThrow(
    'expected several splits',
  );
});
