import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readImageFolder } from '../../../../src/datasets/formats/classification/image-folder.ts';
import { describeWithData } from '../../../data-folder.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../../temporary-files.ts';

const root = temporaryFolder();
await writePhoto(join(root, 'pets/dog/1.jpg'));
await writePhoto(join(root, 'pets/cat/2.jpg'), { width: 16, height: 8 });
await writePhoto(join(root, 'pets/cat/old/3.jpg'));
await writeDeep(join(root, 'pets/cat/notes.txt'), '');
await writeDeep(join(root, 'pets/README'), '');

test('each folder is a class, sorted by name', async () => {
  const { classes, labels } = await readImageFolder(join(root, 'pets'));
  expect(classes).toEqual(['cat', 'dog']);
  expect([...labels]).toEqual([0, 0, 1]);
});

test.skipIf(process.platform === 'win32')(
  'a link to a folder is a class, and a hidden file is not an image',
  async () => {
    await writePhoto(join(root, 'elsewhere/1.jpg'));
    await writePhoto(join(root, 'linked/bird/1.jpg'));
    await writeDeep(join(root, 'linked/bird/._1.jpg'), 'what a Mac leaves beside its files');
    await symlink(join(root, 'elsewhere'), join(root, 'linked/fish'));
    const { classes, labels } = await readImageFolder(join(root, 'linked'));
    expect(classes).toEqual(['bird', 'fish']);
    expect([...labels]).toEqual([0, 1]);
  },
);

test('decodes images on request', async () => {
  const pets = await readImageFolder(join(root, 'pets'));
  expect(pets.nameOf(0)).toBe(join(root, 'pets/cat/2.jpg'));
  expect(await pets.load(0)).toMatchObject({ width: 16, height: 8 });
});

test('refuses a folder without images', async () => {
  await mkdir(join(root, 'bare/dog'), { recursive: true });
  await expect(readImageFolder(join(root, 'bare'))).rejects.toThrow(
    /bare: expected a folder with one folder of images/,
  );
});

test('refuses a missing folder', async () => {
  await expect(readImageFolder(join(root, 'pet'))).rejects.toThrow(
    /pet: no such file.*did you mean .*pets\?/,
  );
});

describeWithData('CIFAR-10 as folders', (folder) => {
  test('has a thousand images of each class', async () => {
    const { classes, labels } = await readImageFolder(join(folder, 'cifar10-mini/train'));
    expect(classes).toHaveLength(10);
    expect(labels).toHaveLength(10_000);
  });
});
