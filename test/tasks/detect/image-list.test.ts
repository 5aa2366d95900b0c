import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listedImages } from '../../../src/tasks/detect/image-list.ts';
import { rejection } from '../../image/pictures.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();

test('ignores blank lines, Windows line endings and a byte order mark', async () => {
  const listed = await listedImages('\uFEFFa.jpg\r\n\r\n  b c.jpg \n\n', 'list.txt', folder);
  expect(listed).toEqual(['a.jpg', 'b c.jpg']);
});

test('a path is relative to the current folder, or else to that of the list', async () => {
  await mkdir(join(folder, 'photos'), { recursive: true });
  await writeFile(join(folder, 'photos/a.jpg'), '');
  const listed = await listedImages('photos/a.jpg\npackage.json\nnone.jpg', 'list.txt', folder);
  expect(listed).toEqual([join(folder, 'photos/a.jpg'), 'package.json', 'none.jpg']);
});

test('a file whose name ends with a space is found', async () => {
  await writeFile(join(folder, 'spaced.jpg '), '');
  await writeFile(join(folder, 'plain.jpg'), '');
  const listed = await listedImages('spaced.jpg \nplain.jpg \n', 'list.txt', folder);
  expect(listed).toEqual([join(folder, 'spaced.jpg '), join(folder, 'plain.jpg')]);
});

test('keeps URLs unchanged', async () => {
  expect(await listedImages('https://example.org/a.jpg', 'list.txt', folder)).toEqual([
    'https://example.org/a.jpg',
  ]);
});

test.each([
  ['', /^list list\.txt: empty, expected one path per line/],
  ['\n\r\n ', /^list list\.txt: empty/],
  ['a\0b', /^list list\.txt: not text/],
])('a list %j without paths is refused', async (text, message) => {
  const error = await rejection(listedImages(text, 'list.txt', folder));
  expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-file' });
  expect(error.message).toMatch(message);
});
