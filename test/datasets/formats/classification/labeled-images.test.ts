import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDataset, openDataset } from '../../../../src/datasets/open/description.ts';
import { DEFAULT_RECIPE } from '../../../../src/models/model.ts';
import { checkDataset } from '../../../../src/tasks/datasets/check/check-dataset.ts';
import { showDataset } from '../../../../src/tasks/datasets/show-dataset.ts';
import { loadSample } from '../../../../src/training/loader/sample.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../../temporary-files.ts';

const root = temporaryFolder();
await writePhoto(join(root, 'pets/train/dog/1.jpg'));
await writePhoto(join(root, 'pets/train/cat/2.jpg'), { width: 16, height: 8 });
await writePhoto(join(root, 'pets/test/cat/3.jpg'));
await writePhoto(join(root, 'pets/test/dog/4.jpg'));

test('a folder of splits, classes and images is classification data', async () => {
  const source = await openDataset(join(root, 'pets'));
  expect(source).toMatchObject({ format: 'image-folder', splits: ['test', 'train'] });
  const { task, images, categories, annotations } = await source.read('train');
  expect(task).toBe('classification');
  expect(images).toEqual([
    { id: 1, fileName: 'train/cat/2.jpg', width: 16, height: 8 },
    { id: 2, fileName: 'train/dog/1.jpg', width: 80, height: 60 },
  ]);
  expect(categories.map(({ name }) => name)).toEqual(['cat', 'dog']);
  expect([...annotations.categories]).toEqual([0, 1]);
  expect([...annotations.boxes]).toEqual([0, 0, 16, 8, 0, 0, 80, 60]);
});

test('reports an unreadable image and leaves it out', async () => {
  const folder = join(root, 'broken');
  await writePhoto(join(folder, 'train/cat/1.jpg'));
  const broken = await writeDeep(join(folder, 'train/dog/2.jpg'), 'no image');
  const problems: unknown[] = [];
  const source = await openDataset(folder, { onProblem: (problem) => problems.push(problem) });
  const { images, categories } = await source.read('train');
  expect([images.length, categories.length]).toEqual([1, 2]);
  expect(problems).toEqual([
    { kind: 'bad-image-file', place: broken, message: expect.stringContaining('cannot be decoded') },
  ]);
  await expect((await openDataset(folder)).read('train')).rejects.toThrow(/2\.jpg.*cannot be decoded/);
});

const planes = (label: number, value: number) => Uint8Array.from([label, ...Array(3072).fill(value)]);

test("CIFAR's images come with their pixels, also through a description", async () => {
  const folder = join(root, 'cifar');
  await writeDeep(join(folder, 'batches.meta.txt'), 'airplane\nautomobile\n');
  await writeDeep(join(folder, 'test_batch.bin'), Buffer.concat([planes(1, 7), planes(0, 9)]));
  const { task, images, annotations } = await loadDataset(folder, { split: 'test' });
  expect(task).toBe('classification');
  expect([...annotations.categories]).toEqual([1, 0]);
  expect(images.map(({ pixels }) => pixels!().data[5])).toEqual([7, 9]);

  const file = join(root, 'cifar.yaml');
  await writeDeep(file, 'format: cifar\npath: cifar\nsplits:\n  val: { set: test }\n');
  const described = await loadDataset(file);
  expect(described.images.map(({ pixels }) => pixels!().data[5])).toEqual([7, 9]);
});

test("CIFAR's images are checked, drawn and sampled like others", async () => {
  const folder = join(root, 'small-cifar');
  await writeDeep(join(folder, 'batches.meta.txt'), 'airplane\nautomobile\n');
  const batch = (values: readonly number[]) => Buffer.concat(values.map((value) => planes(value % 2, value)));
  for (const place of [1, 2, 3, 4, 5]) {
    await writeDeep(join(folder, `data_batch_${place}.bin`), batch([9 * place]));
  }
  await writeDeep(join(folder, 'test_batch.bin'), batch([3, 4]));
  expect((await checkDataset({ data: [folder] })).findings).toEqual([]);
  const shown = await showDataset({ data: folder, split: 'test', out: join(root, 'shown.png') });
  expect(shown).toMatchObject({ images: 2, skipped: [] });
  const dataset = await loadDataset(folder, { split: 'test' });
  const { pixels } = await loadSample(dataset, 0, DEFAULT_RECIPE, { width: 32, height: 32 });
  expect(new Set(pixels)).toEqual(new Set([3]));
});

test('a description names the splits of a folder', async () => {
  const file = join(root, 'pets.yaml');
  await writeDeep(file, 'format: image-folder\npath: pets\nsplits:\n  val: { folder: test }\n');
  const { task, images, imageFolder } = await loadDataset(file);
  expect(task).toBe('classification');
  expect(images.map(({ fileName }) => join(imageFolder, fileName))).toEqual([
    join(root, 'pets/test/cat/3.jpg'),
    join(root, 'pets/test/dog/4.jpg'),
  ]);
});
