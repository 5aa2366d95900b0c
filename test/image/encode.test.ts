import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/image/decode.ts';
import {
  encodePicture,
  isPicturePath,
  PICTURE_EXTENSIONS,
  type PictureFormat,
  writePicture,
} from '../../src/image/encode.ts';
import type { RawImage } from '../../src/image/sources.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { fixturePath, meanDifference, rejection } from './pictures.ts';

const folder = temporaryFolder();

/** First bytes that identify the formats, in Latin-1, from an offset. */
const SIGNATURES: Readonly<
  Record<(typeof PICTURE_EXTENSIONS)[number], readonly [offset: number, bytes: string]>
> = {
  '.png': [0, '\x89PNG'],
  '.jpg': [0, '\xff\xd8\xff'],
  '.jpeg': [0, '\xff\xd8\xff'],
  '.webp': [8, 'WEBP'],
  '.avif': [4, 'ftypavif'],
};

describe('writePicture', () => {
  test('creates missing folders', async () => {
    const path = join(folder, 'new/deep/picture.png');
    await writePicture(path, { data: new Uint8Array(3), width: 1, height: 1 });
    expect(await decodeImage(path)).toMatchObject({ width: 1, height: 1 });
  });

  test('encodes in memory what it would write', async () => {
    const image = await decodeImage(fixturePath('upright.png'));
    const path = join(folder, 'memory.jpg');
    await writePicture(path, image);
    expect(await encodePicture(image, 'jpeg')).toEqual(await readFile(path));
  });

  test.each(PICTURE_EXTENSIONS)('%s is written in its format', async (extension) => {
    const image = await decodeImage(fixturePath('upright.png'));
    const path = join(folder, `picture${extension}`);
    await writePicture(path, image);
    const [offset, bytes] = SIGNATURES[extension];
    expect((await readFile(path)).toString('latin1', offset, offset + bytes.length)).toBe(bytes);
  });

  test.each(PICTURE_EXTENSIONS)('%s shows the pixels that were written', async (extension) => {
    const image = await decodeImage(fixturePath('upright.png'));
    const path = join(folder, `shown${extension}`);
    await writePicture(path, image);
    const read = await decodeImage(path);
    expect([read.width, read.height]).toEqual([40, 24]);
    // All formats but PNG are lossy, most of all at sharp edges of colors.
    expect(meanDifference(read.data, image.data)).toBeLessThanOrEqual(extension === '.png' ? 0 : 10);
  });

  test('an uppercase extension selects the same format', async () => {
    const path = join(folder, 'UPPER.PNG');
    await writePicture(path, { data: new Uint8Array([1, 2, 3]), width: 1, height: 1 });
    expect([...(await decodeImage(path)).data]).toEqual([1, 2, 3]);
  });

  test('composites RGBA pixels over white', async () => {
    const path = join(folder, 'rgba.png');
    await writePicture(path, {
      data: new Uint8ClampedArray([9, 8, 7, 255, 9, 8, 7, 0]),
      width: 2,
      height: 1,
    });
    expect([...(await decodeImage(path)).data]).toEqual([9, 8, 7, 255, 255, 255]);
  });

  test('refuses another extension and lists the valid ones', async () => {
    const path = join(folder, 'picture.bmp');
    const error = await rejection(writePicture(path, { data: new Uint8Array(3), width: 1, height: 1 }));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-argument' });
    expect(error.message).toBe(`${path}: not an image extension, expected .png, .jpg, .jpeg, .webp, .avif`);
  });

  test.each([
    [7, 2, 1],
    [0, 0, 0],
    [2, 2, 1],
  ])('%i values for %i×%i pixels are an error', async (length, width, height) => {
    const error = await rejection(
      writePicture(join(folder, 'never.png'), { data: new Uint8Array(length), width, height }),
    );
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-argument' });
  });

  test('reports a side too long for the format in one line', async () => {
    const path = join(folder, 'long.webp');
    const error = await rejection(
      writePicture(path, { data: new Uint8Array(3 * 20_000), width: 20_000, height: 1 }),
    );
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-argument' });
    expect(error.message).toMatch(/^20000×1 pixels cannot be encoded as webp \(.+\); try png$/);
    expect(error.message).not.toContain('\n');
  });

  test('reports a folder that cannot be created', async () => {
    const path = join(folder, 'file/picture.png');
    await writeFile(join(folder, 'file'), '');
    const before = await readdir(join(folder, '.'));
    const error = await rejection(writePicture(path, { data: new Uint8Array(3), width: 1, height: 1 }));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'not-writable' });
    expect(await readdir(join(folder, '.'))).toEqual(before);
  });
});

describe('isPicturePath', () => {
  test.each(['a.png', 'b/c.JPG', 'd.e.webp', 'f.avif'])('%s is an image path', (path) => {
    expect(isPicturePath(path)).toBe(true);
  });

  test.each(['a.gif', 'png', 'folder/', 'a.png.txt', ''])('"%s" is not', (path) => {
    expect(isPicturePath(path)).toBe(false);
  });
});

test.each<[problem: RegExp, picture: RawImage, format: PictureFormat, quality?: number]>([
  [
    /^quality 0: expected a whole number from 1 to 100$/,
    { data: new Uint8Array(3), width: 1, height: 1 },
    'jpeg',
    0,
  ],
  [
    /^format "bmp": expected png, jpeg/,
    { data: new Uint8Array(3), width: 1, height: 1 },
    'bmp' as PictureFormat,
  ],
  [/^width 0\.5: expected a whole number/, { data: new Uint8Array(3), width: 0.5, height: 2 }, 'png'],
  [/^width -1: expected a whole number/, { data: new Uint8Array(3), width: -1, height: -1 }, 'png'],
])('%s', async (problem, picture, format, quality) => {
  await expect(encodePicture(picture, format, quality)).rejects.toThrow(problem);
});
