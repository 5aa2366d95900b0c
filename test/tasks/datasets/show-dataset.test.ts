import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { readCoco } from '../../../src/datasets/formats/coco/read.ts';
import { showDataset } from '../../../src/tasks/datasets/show-dataset.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { writeDamagedDataset } from './damaged-dataset.ts';

const folder = temporaryFolder();
beforeAll(() => writeDamagedDataset(folder));

test('draws images with their boxes and skips unreadable ones', async () => {
  const out = join(folder, 'sheet.png');
  const { images, boxes, skipped } = await showDataset({ data: join(folder, 'train.json'), out, cell: 100 });
  expect({ images, boxes, skipped: skipped.length }).toEqual({ images: 3, boxes: 7, skipped: 2 });
  const { width, height } = await sharp(out).metadata();
  expect([width, height]).toEqual([12 + 2 * 112, 12 + 2 * (100 + 22 + 12)]);
});

test('with classes, draws only images that have them', async () => {
  const options = { data: join(folder, 'train.json'), out: join(folder, 'cats.png'), classes: ['cat'] };
  expect(await showDataset(options)).toMatchObject({ images: 1, boxes: 1 });
});

test('refuses an unknown class with the nearest name', async () => {
  const options = { data: join(folder, 'val.json'), out: join(folder, 'no.png'), classes: ['dgo'] };
  await expect(showDataset(options)).rejects.toThrow(
    /class "dgo": the data set does not have it; did you mean dog\?/,
  );
});

test('the same seed selects the same images', async () => {
  const sheet = async (name: string, seed: number) => {
    const out = join(folder, name);
    await showDataset({ data: join(folder, 'train.json'), out, images: 2, seed, cell: 80 });
    return sharp(out).raw().toBuffer();
  };
  expect((await sheet('one.png', 3)).equals(await sheet('two.png', 3))).toBe(true);
});

test('refuses an output with an unknown extension before anything is read', async () => {
  const options = { data: join(folder, 'none.json'), out: join(folder, 'sheet.txt') };
  await expect(showDataset(options)).rejects.toThrow(/sheet\.txt: not an image extension/);
});

test('does not replace an image of the data set', async () => {
  const { images, imageFolder } = await readCoco(join(folder, 'val.json'));
  const out = join(imageFolder, images[0]!.fileName);
  const before = await readFile(out);
  await expect(showDataset({ data: join(folder, 'val.json'), out })).rejects.toThrow(
    /: is an image of the data set; choose another name/,
  );
  expect(await readFile(out)).toEqual(before);
});
