import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { expandImagePaths } from '../../src/image/expand-paths.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { rejection } from './pictures.ts';

const folder = temporaryFolder();

const FILES = [
  'photos/b.png',
  'photos/a.jpg',
  'photos/UPPER.JPG',
  'photos/Mixed.JpEg',
  'photos/notes.txt',
  'photos/no-ending',
  'photos/2024/summer/c.webp',
  'photos/2024/d.gif',
  'photos/2024/e.avif',
  'photos/2024/f.tif',
  'odd [names] (1)/x.png',
  'texts/readme.md',
];

beforeAll(async () => {
  for (const name of ['photos/2024/summer', 'odd [names] (1)', 'texts', 'empty']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  for (const file of FILES) await writeFile(join(folder, file), '');
});

/** Paths as given to a shell in the folder. */
async function expand(...patterns: string[]): Promise<readonly string[]> {
  const paths = await expandImagePaths(patterns.map((pattern) => join(folder, pattern)));
  return paths.map((path) => relative(folder, path));
}

const ALL_PHOTOS = [
  'photos/2024/d.gif',
  'photos/2024/e.avif',
  'photos/2024/f.tif',
  'photos/2024/summer/c.webp',
  'photos/Mixed.JpEg',
  'photos/UPPER.JPG',
  'photos/a.jpg',
  'photos/b.png',
];

describe('expandImagePaths', () => {
  test('expands a file to itself', async () => {
    expect(await expand('photos/b.png')).toEqual(['photos/b.png']);
  });

  test('accepts a file with any extension', async () => {
    expect(await expand('photos/no-ending')).toEqual(['photos/no-ending']);
  });

  test('expands a folder to the images in it and below, including uppercase extensions', async () => {
    expect(await expand('photos')).toEqual(ALL_PHOTOS);
  });

  test('searches node_modules only if it is named', async () => {
    const [project, package_] = [join(folder, 'project'), join(folder, 'project/node_modules/package')];
    await mkdir(package_, { recursive: true });
    await mkdir(join(project, 'more'), { recursive: true });
    for (const file of ['own.jpg', 'more/other.jpg', 'node_modules/package/theirs.jpg'])
      await writeFile(join(project, file), '');
    const found = await expandImagePaths([project]);
    expect(found.map((path) => relative(project, path))).toEqual(['more/other.jpg', 'own.jpg']);
    expect(await expandImagePaths([package_])).toEqual([join(package_, 'theirs.jpg')]);
  });

  test('ignores a trailing slash', async () => {
    expect(await expandImagePaths([`${join(folder, 'photos')}/`])).toEqual(
      await expandImagePaths([join(folder, 'photos')]),
    );
  });

  test('treats a folder with a glob-like name as a folder', async () => {
    expect(await expand('odd [names] (1)')).toEqual(['odd [names] (1)/x.png']);
  });

  test('treats a file with a glob-like name as a file', async () => {
    expect(await expand('odd [names] (1)/x.png')).toEqual(['odd [names] (1)/x.png']);
  });

  test('expands a glob to the images it matches', async () => {
    expect(await expand('photos/*')).toEqual([
      'photos/Mixed.JpEg',
      'photos/UPPER.JPG',
      'photos/a.jpg',
      'photos/b.png',
    ]);
  });

  test('expands a glob with ** into subfolders', async () => {
    expect(await expand('photos/**/*.{webp,gif}')).toEqual([
      'photos/2024/d.gif',
      'photos/2024/summer/c.webp',
    ]);
  });

  test('keeps the order of the arguments', async () => {
    expect(await expand('photos/b.png', 'photos/2024/summer', 'photos/a.jpg')).toEqual([
      'photos/b.png',
      'photos/2024/summer/c.webp',
      'photos/a.jpg',
    ]);
  });

  test('takes an image named twice once, in its first position', async () => {
    expect(await expand('photos/b.png', 'photos', 'photos/*.png')).toEqual([
      'photos/b.png',
      ...ALL_PHOTOS.filter((path) => path !== 'photos/b.png'),
    ]);
  });

  test('takes an image once under two spellings of its path', async () => {
    const spellings = [
      join(folder, 'photos/b.png'),
      `${join(folder, 'photos')}/./b.png`,
      relative('.', join(folder, 'photos/b.png')),
    ];
    expect(await expandImagePaths(spellings)).toEqual([spellings[0]]);
  });

  test('expands nothing to nothing', async () => {
    expect(await expandImagePaths([])).toEqual([]);
  });
});

describe('expandImagePaths for missing or empty paths', () => {
  test.each(['texts', 'empty'])('refuses the folder %s, which has no images', async (name) => {
    const error = await rejection(expand(name));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'not-found' });
    expect(error.message).toBe(
      `${join(folder, name)}: a folder without images, expected .jpg, .jpeg, .jpe, .jfif, .mpo, .png, .webp, .gif, .avif, .tif, .tiff; check the path`,
    );
  });

  test('names unsupported photos: in a warning if there are images, else in the error', async () => {
    const phone = join(folder, 'phone');
    await mkdir(join(phone, 'old'), { recursive: true });
    for (const name of ['a.HEIC', 'old/b.heic', 'old/c.bmp']) await writeFile(join(phone, name), '');
    const problem = '3 photos in .bmp, .heic, which cannot be read; convert to JPEG';
    const error = await rejection(expandImagePaths([phone]));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'not-found' });
    expect(error.message).toMatch(/: a folder without images, expected \.jpg, .+; 3 photos/);
    expect(error.message).toContain(problem);
    await writeFile(join(phone, 'd.jpg'), '');
    const warnings: string[] = [];
    const images = await expandImagePaths([phone], [], (message) => warnings.push(message));
    expect(images).toEqual([join(phone, 'd.jpg')]);
    expect(warnings).toEqual([`${phone}: ${problem}`]);
    const matches = await expandImagePaths([`${phone}/**`], [], (message) => warnings.push(message));
    expect(matches.map((path) => resolve(path))).toEqual(images);
    expect(warnings[1]).toBe(`${phone}/**: ${problem}`);
    expect((await rejection(expandImagePaths([`${phone}/old/*`]))).message).toContain(
      'matches no image; 2 photos in .bmp, .heic',
    );
  });

  test('refuses a glob that matches no image', async () => {
    const error = await rejection(expand('texts/*'));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'not-found' });
    expect(error.message).toBe(`${join(folder, 'texts/*')}: matches no image; check the pattern`);
  });

  test.for(['photos', 'photos/**'])('%s skips the excluded folder', async (pattern) => {
    const paths = await expandImagePaths([join(folder, pattern)], [join(folder, 'photos/2024')]);
    expect(paths.map((path) => relative(folder, path))).toEqual(ALL_PHOTOS.slice(4));
  });

  test('searches the excluded folder if all images are in it', async () => {
    const paths = await expandImagePaths([join(folder, 'photos/2024')], [join(folder, 'photos')]);
    expect(paths.map((path) => relative(folder, path))).toEqual(ALL_PHOTOS.slice(0, 4));
  });

  test('refuses a misspelled file with the nearest name', async () => {
    const error = await rejection(expand('photos/aa.jpg'));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'not-found' });
    expect(error.message).toMatch(
      /aa\.jpg: no such file, expected an image, folder or glob; did you mean .*photos\/a\.jpg\?$/,
    );
  });

  test('refuses a misspelled folder with the nearest name', async () => {
    expect((await rejection(expand('fotos'))).message).toMatch(/did you mean .*photos\?$/);
  });

  test('refuses a path below a file', async () => {
    const error = await rejection(expand('photos/a.jpg/b.jpg'));
    expect(error).toMatchObject({ name: 'MicroYoloError', code: 'not-found' });
  });
});
