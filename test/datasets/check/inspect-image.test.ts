import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectImage } from '../../../src/datasets/check/inspect-image.ts';
import { writePicture } from '../../../src/image/encode.ts';
import { fixturePath, whiteRectangle } from '../../image/pictures.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();

test('an image has its upright size', async () => {
  const upright = await inspectImage(fixturePath('orientation-1.jpg'));
  const turned = await inspectImage(fixturePath('orientation-6.jpg'));
  if (upright.status !== 'decoded') throw new Error(upright.message);
  expect(turned).toMatchObject({ status: 'decoded', width: upright.width, height: upright.height });
});

test('equal bytes have equal hashes', async () => {
  const path = join(folder, 'one.png');
  await writePicture(path, whiteRectangle(9, 9, [1, 1, 2, 2]));
  await writeFile(join(folder, 'two.png'), await readFile(path));
  const [one, two] = await Promise.all([inspectImage(path), inspectImage(join(folder, 'two.png'))]);
  expect(two).toEqual(one);
});

test('pixels without a file are sound', async () => {
  const pixels = { data: new Uint8Array(12).fill(7), width: 2, height: 2 };
  const facts = await inspectImage(pixels);
  expect(facts).toMatchObject({ status: 'decoded', width: 2, height: 2 });
  expect(await inspectImage({ ...pixels, data: new Uint8Array(12) })).not.toEqual(facts);
});

test('distinguishes a missing image from a damaged one', async () => {
  expect(await inspectImage(join(folder, 'none.jpg'))).toMatchObject({ status: 'missing' });
});

test('half an image is damaged, even if its header is intact', async () => {
  const whole = await readFile(fixturePath('subsampled.jpg'));
  await writeFile(join(folder, 'half.jpg'), whole.subarray(0, whole.length / 2));
  const facts = await inspectImage(join(folder, 'half.jpg'));
  expect(facts).toMatchObject({ status: 'damaged', message: expect.stringMatching(/^cannot be decoded/) });
});
