import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDarknet } from '../../../../src/datasets/formats/darknet/read.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../../temporary-files.ts';

const root = temporaryFolder();
let count = 0;

async function darknet(description: string, list = 'obj/a.jpg\n') {
  const folder = join(root, String(count++));
  await writePhoto(join(folder, 'obj/a.jpg'));
  await writeDeep(join(folder, 'obj/a.txt'), '1 0.5 0.5 0.5 0.5\n');
  await writeDeep(join(folder, 'obj.names'), 'cat\ndog\n');
  await writeDeep(join(folder, 'train.txt'), list);
  return writeDeep(join(folder, 'obj.data'), description);
}

const DATA = 'classes = 2\ntrain  = train.txt\nvalid = train.txt\nnames = obj.names\nbackup = backup/\n';

test('reads labels next to the images', async () => {
  const dataset = await readDarknet(await darknet(DATA), 'train');
  expect(dataset.images.map(({ fileName }) => fileName)).toEqual(['a.jpg']);
  expect(dataset.categories.map(({ name }) => name)).toEqual(['cat', 'dog']);
  expect([...dataset.annotations.boxes]).toEqual([20, 15, 40, 30]);
});

test("val is Darknet's valid", async () => {
  expect((await readDarknet(await darknet(DATA), 'val')).images).toHaveLength(1);
});

test('lists can hold absolute paths', async () => {
  const path = await darknet(DATA, '');
  await writeDeep(join(path, '../train.txt'), `${join(path, '../obj/a.jpg')}\n`);
  expect((await readDarknet(path, 'train')).images).toHaveLength(1);
});

test.for([
  ['no names', 'train = train.txt\n', /has no names, expected names = FILE/],
  [
    'a missing file of names',
    DATA.replace('obj.names', 'obj.name'),
    /obj\.name: no such file.*did you mean .*obj\.names\?/,
  ],
  ['another count of classes', DATA.replace('2', '3'), /classes is 3, but the list has 2/],
  ['a line without a key', 'hello\n', /obj\.data:1: "hello", expected key = value/],
  ['a missing split', DATA, /split "test": .* has train, val/],
] as const)('%s is refused with one line', async ([, description, message]) => {
  await expect(readDarknet(await darknet(description), 'test')).rejects.toThrow(message);
});

test('refuses a missing image', async () => {
  await expect(readDarknet(await darknet(DATA, 'obj/a.jpg\nobj/b.jpg\n'), 'train')).rejects.toThrow(
    /b\.jpg: no such file, expected an image/,
  );
});

test('refuses a list without images', async () => {
  await expect(readDarknet(await darknet(DATA, '\n'), 'train')).rejects.toThrow(
    /train\.txt: lists no images/,
  );
});
