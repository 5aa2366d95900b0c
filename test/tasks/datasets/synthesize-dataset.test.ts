import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCoco } from '../../../src/datasets/formats/coco/read.ts';
import { makeFolder } from '../../../src/foundation/files/folders.ts';
import { decodeImage } from '../../../src/image/decode.ts';
import { type SynthesizeEvent, synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const SMALL = { train: 4, val: 2, size: 128 } as const;

async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const files = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  const texts = await Promise.all(files.map((file) => readFile(file, 'base64')));
  return new Map(files.map((file, index) => [file.slice(folder.length), texts[index]!]));
}

test('a set has its images in the requested size and reads as COCO without a problem', async () => {
  const out = join(folder, 'set');
  await synthesizeDataset({ ...SMALL, out });
  const { images, annotations, imageFolder } = await readCoco(join(out, 'train.json'));
  expect(images).toHaveLength(4);
  expect(annotations.count).toBeGreaterThan(3);
  for (const { fileName } of images) {
    expect(await decodeImage(join(imageFolder, fileName))).toMatchObject({ width: 128, height: 128 });
  }
});

test('the same seed gives the same bytes for any number of workers', async () => {
  await synthesizeDataset({ ...SMALL, out: join(folder, 'one'), workers: 1, seed: 5 });
  await synthesizeDataset({ ...SMALL, out: join(folder, 'many'), workers: 5, seed: 5 });
  expect(await contents(join(folder, 'many'))).toEqual(await contents(join(folder, 'one')));
});

test('no image is in two splits', async () => {
  const out = join(folder, 'splits');
  await synthesizeDataset({ ...SMALL, out });
  const images = [...(await contents(out))].filter(([name]) => name.endsWith('.jpg'));
  expect(new Set(images.map(([, bytes]) => bytes)).size).toBe(6);
});

test('does not touch a folder that is not empty', async () => {
  await makeFolder(join(folder, 'full'));
  await writeFile(join(folder, 'full', 'letter.txt'), 'dear');
  const options = { ...SMALL, out: join(folder, 'full') };
  await expect(synthesizeDataset(options)).rejects.toThrow(/full: is not empty; .*`overwrite`/);
  expect(await readdir(join(folder, 'full'))).toEqual(['letter.txt']);
});

test('overwriting replaces a set and keeps other files', async () => {
  const out = join(folder, 'again');
  await synthesizeDataset({ ...SMALL, out });
  await writeFile(join(folder, 'again', 'train', 'mine.jpg'), 'mine');
  // Refused before anything is deleted.
  await expect(synthesizeDataset({ ...SMALL, out, overwrite: true, workers: 0 })).rejects.toThrow(
    'workers 0: expected a whole number from 1 to 1024',
  );
  expect(await readdir(join(out, 'train'))).toContain('000003.jpg');
  await synthesizeDataset({ ...SMALL, out, train: 2, overwrite: true });
  expect(await readdir(join(folder, 'again', 'train'))).toEqual(['000001.jpg', '000002.jpg', 'mine.jpg']);
});

test('does not replace other images, whatever their names', async () => {
  const picture = join(folder, 'kitti', 'train', '000001.jpg');
  await makeFolder(join(folder, 'kitti', 'train'));
  await writeFile(picture, 'mine');
  const options = { ...SMALL, out: join(folder, 'kitti'), overwrite: true };
  await expect(synthesizeDataset(options)).rejects.toThrow(/000001\.jpg: belongs to another data set/);
  expect(await readFile(picture, 'utf8')).toBe('mine');
});

test('replaces an interrupted set, and a complete one shows no trace of it', async () => {
  const out = join(folder, 'interrupted');
  await synthesizeDataset({ ...SMALL, out });
  expect((await readdir(out)).sort()).toEqual(['train', 'train.json', 'val', 'val.json']);
  // The state after the next run stopped halfway.
  await rm(join(out, 'train.json'));
  await rm(join(out, 'val.json'));
  await writeFile(join(out, '.unfinished-shapes'), 'Shapes, drawn by micro-yolo');
  await synthesizeDataset({ ...SMALL, out, overwrite: true });
  expect((await readdir(out)).sort()).toEqual(['train', 'train.json', 'val', 'val.json']);
});

test('a set that fails halfway has no COCO file', async () => {
  const out = join(folder, 'broken');
  await synthesizeDataset({ ...SMALL, out });
  await rm(join(folder, 'broken', 'val', '000002.jpg'));
  await makeFolder(join(folder, 'broken', 'val', '000002.jpg'));
  const options = { ...SMALL, out, overwrite: true };
  await expect(synthesizeDataset(options)).rejects.toThrow(/cannot be written|directory/);
  expect((await readdir(out)).filter((name) => name.endsWith('.json'))).toEqual([]);
});

test('events count every image', async () => {
  const events: SynthesizeEvent[] = [];
  await synthesizeDataset(
    { ...SMALL, out: join(folder, 'events') },
    { onEvent: (event) => events.push(event) },
  );
  expect(events[0]).toEqual({ type: 'started', total: 6 });
  expect(events.filter(({ type }) => type === 'item')).toHaveLength(6);
});

test('overwriting refuses a folder with annotations of another data set', async () => {
  const out = join(folder, 'theirs');
  await makeFolder(out);
  await writeFile(join(out, 'val.json'), '{"info": {"description": "COCO 2017 Dataset"}}');
  await expect(synthesizeDataset({ ...SMALL, out, overwrite: true })).rejects.toThrow(
    /val\.json: belongs to another data set, which is not overwritten/,
  );
  expect(await readdir(out)).toEqual(['val.json']);
});

test('refuses a set without images, which replaces none', async () => {
  const out = join(folder, 'kept');
  await synthesizeDataset({ ...SMALL, out });
  const before = await contents(out);
  await expect(synthesizeDataset({ out, train: 0, val: 0, overwrite: true })).rejects.toThrow(
    'train 0 and val 0: no images',
  );
  expect(await contents(out)).toEqual(before);
});
