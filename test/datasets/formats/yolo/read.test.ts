import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readYolo } from '../../../../src/datasets/formats/yolo/read.ts';
import type { DatasetProblem } from '../../../../src/datasets/problems.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../../temporary-files.ts';

const root = temporaryFolder();
let count = 0;

/** A data set with the photos `a` and `sub/b` in `images/train`, and labels for the first. */
async function yolo(description: string, photo = {}) {
  const folder = join(root, String(count++));
  await writePhoto(join(folder, 'images/train/a.jpg'), photo);
  await writePhoto(join(folder, 'images/train/sub/b.jpg'), photo);
  await writeDeep(join(folder, 'labels/train/a.txt'), '1 0.5 0.5 0.5 0.5\n');
  return { folder, path: await writeDeep(join(folder, 'data.yaml'), description) };
}

const NAMES = 'names: [cat, dog]\n';

test('reads a folder of images with its labels', async () => {
  const { folder, path } = await yolo(`train: images/train\n${NAMES}`);
  const dataset = await readYolo(path, 'train');
  expect(dataset.imageFolder).toBe(resolve(folder, 'images/train'));
  expect(dataset.images).toEqual([
    { id: 1, fileName: 'a.jpg', width: 80, height: 60 },
    { id: 2, fileName: 'sub/b.jpg', width: 80, height: 60 },
  ]);
  expect(dataset.categories).toEqual([
    { id: 0, name: 'cat' },
    { id: 1, name: 'dog' },
  ]);
  expect([...dataset.annotations.categories]).toEqual([1]);
  expect([...dataset.annotations.boxes]).toEqual([20, 15, 40, 30]);
});

test('names can be a map with gaps', async () => {
  const { path } = await yolo('train: images/train\nnames: {1: dog, 5: 7}\n');
  expect((await readYolo(path, 'train')).categories).toEqual([
    { id: 1, name: 'dog' },
    { id: 5, name: '7' },
  ]);
});

test('sizes are those of upright images', async () => {
  const { path } = await yolo(`train: images/train\n${NAMES}`, { orientation: 6 });
  const dataset = await readYolo(path, 'train');
  expect(dataset.images[0]).toMatchObject({ width: 60, height: 80 });
  expect([...dataset.annotations.boxes]).toEqual([15, 20, 30, 40]);
});

test('prefixes the other paths with `path`', async () => {
  const { path } = await yolo(`path: images\ntrain: train\n${NAMES}`);
  expect((await readYolo(path, 'train')).images).toHaveLength(2);
});

test('a list file names images', async () => {
  const { folder, path } = await yolo(`train: train.txt\n${NAMES}`);
  await writeDeep(join(folder, 'train.txt'), './images/train/a.jpg\n');
  const dataset = await readYolo(path, 'train');
  expect(dataset.images.map(({ fileName }) => fileName)).toEqual(['a.jpg']);
  expect(dataset.annotations.count).toBe(1);
});

test('a list is understood even if its first image is missing', async () => {
  const { folder, path } = await yolo(`train: train.txt\n${NAMES}`);
  await writeDeep(join(folder, 'train.txt'), 'data/images/train/gone.jpg\ndata/images/train/a.jpg\n');
  const problems: DatasetProblem[] = [];
  const dataset = await readYolo(path, 'train', { onProblem: (problem) => problems.push(problem) });
  expect(dataset.images).toHaveLength(1);
  expect(problems.map(({ kind }) => kind)).toEqual(['missing-image-file']);
});

test('a glob names images', async () => {
  const { path } = await yolo(`train: images/*/*.jpg\n${NAMES}`);
  expect((await readYolo(path, 'train')).images).toHaveLength(1);
});

test("understands Roboflow's paths", async () => {
  const { path } = await yolo(`train: ../images/train\n${NAMES}nc: 2\nroboflow: {license: MIT}\n`);
  expect((await readYolo(path, 'train')).images).toHaveLength(2);
});

test('reports an undecodable image and leaves it out', async () => {
  const { folder, path } = await yolo(`train: images/train\n${NAMES}`);
  await writeDeep(join(folder, 'images/train/c.jpg'), 'no photo');
  const problems: DatasetProblem[] = [];
  const dataset = await readYolo(path, 'train', { onProblem: (problem) => problems.push(problem) });
  expect(problems).toEqual([
    expect.objectContaining({ kind: 'bad-image-file', place: resolve(folder, 'images/train/c.jpg') }),
    expect.objectContaining({ kind: 'unlabeled-images', count: 2 }),
  ]);
  expect(dataset.images).toHaveLength(2);
});

test('reports photos of unsupported formats together', async () => {
  const { folder, path } = await yolo(`train: images/train\n${NAMES}`);
  for (const name of ['c.heic', 'd.HEIC']) await writeDeep(join(folder, 'images/train', name), '');
  const problems: DatasetProblem[] = [];
  const dataset = await readYolo(path, 'train', { onProblem: (problem) => problems.push(problem) });
  expect(problems).toEqual([
    {
      ...{ kind: 'bad-image-file', place: resolve(folder, 'images/train') },
      message: '2 photos in .heic, which cannot be read; convert to JPEG',
    },
    expect.objectContaining({ kind: 'unlabeled-images', count: 1 }),
  ]);
  expect(dataset.images).toHaveLength(2);
});

test.for([
  ['no names', 'train: images/train\n', /names: expected a list of names/],
  ['a wrong count of names', `${NAMES}nc: 3\n`, /nc is 3, but there are 2 names/],
  ['a missing split', `${NAMES}val: images/train\n`, /split "train": .* has val/],
  ['a missing folder', `${NAMES}train: images/trian\n`, /trian: no such file/],
  ['invalid YAML', 'names: [cat', /not YAML \(.*\), expected YOLO's description/],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n`,
    /not YAML \(Excessive alias count/,
  ],
] as const)('%s is refused with one line', async ([, description, message]) => {
  const { path } = await yolo(description);
  const error = await readYolo(path, 'train').catch((error: Error) => error);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain('\n');
});
