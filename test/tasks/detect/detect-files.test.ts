import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { detectFiles } from '../../../src/tasks/detect/detect-files.ts';
import type { DetectFilesEvent } from '../../../src/tasks/detect/detect-images.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
let model: string;
const inFolder = (...names: string[]) => names.map((name) => join(folder, name));

beforeAll(async () => {
  model = join(folder, 'tiny.safetensors');
  await writeModel(model, tinyModel());
  await mkdir(join(folder, 'a'));
  await mkdir(join(folder, 'b'));
  const image = sharp({ create: { width: 80, height: 60, channels: 3, background: '#c08040' } });
  await image.clone().jpeg().toFile(join(folder, 'a/same.jpg'));
  await image.clone().jpeg().toFile(join(folder, 'b/same.jpg'));
  await writeFile(join(folder, 'a/broken.png'), 'no image');
});

test('events report the start, each image in order, and skipped ones', async () => {
  const events: DetectFilesEvent[] = [];
  const images = inFolder('a/broken.png', 'a/same.jpg', 'b/same.jpg');
  const results = await detectFiles({ images, model }, { onEvent: (event) => events.push(event) });
  expect(events.map(({ type }) => type)).toEqual(['started', 'skipped', 'detected', 'detected']);
  expect(results.map(({ image }) => image)).toEqual(images.slice(1));
});

test('images with the same name in two folders get separate output images', async () => {
  const out = join(folder, 'drawn');
  const results = await detectFiles({ images: inFolder('a/same.jpg', 'b/same.jpg'), model, out });
  expect(results.map(({ picture }) => picture)).toEqual(inFolder('drawn/a/same.jpg', 'drawn/b/same.jpg'));
  expect((await readdir(out, { recursive: true })).filter((name) => name.endsWith('.jpg'))).toHaveLength(2);
});

test('refuses one output file for two images', async () => {
  const options = { images: inFolder('a/same.jpg', 'b/same.jpg'), model, out: join(folder, 'one.png') };
  await expect(detectFiles(options)).rejects.toThrow(/one\.png: one file, but 2 images; pass a folder$/);
});

test('an output image that cannot be written stops the run', async () => {
  await mkdir(join(folder, 'taken/same.jpg'), { recursive: true });
  const options = { images: inFolder('a/same.jpg'), model, out: join(folder, 'taken') };
  await expect(detectFiles(options)).rejects.toThrow(/cannot be written \(EISDIR\)/);
});

test('skips an image too long to draw and continues with the others', async () => {
  await mkdir(join(folder, 'long'));
  const long = { create: { width: 40_000, height: 2, channels: 3, background: '#c08040' } } as const;
  await sharp(long).png().toFile(join(folder, 'long/a.png'));
  const events: DetectFilesEvent[] = [];
  const images = inFolder('long/a.png', 'a/same.jpg');
  const results = await detectFiles(
    { images, model, out: join(folder, 'long-drawn') },
    { onEvent: (event) => events.push(event) },
  );
  expect(results.map(({ image }) => image)).toEqual(images.slice(1));
  const skipped = events.find((event) => event.type === 'skipped');
  expect(skipped?.error.message).toMatch(/a\.png: a picture of 40000×2 pixels cannot be drawn, expected /);
});

test('never draws over an input image, even through links', async () => {
  await symlink(join(folder, 'b'), join(folder, 'link'), 'junction');
  const before = await readFile(join(folder, 'b/same.jpg'));
  const options = { images: inFolder('b/same.jpg'), model, out: join(folder, 'link') };
  await expect(detectFiles(options)).rejects.toThrow(/would overwrite the image itself/);
  expect(await readFile(join(folder, 'b/same.jpg'))).toEqual(before);
});

test('two images in one folder never share an output image', async () => {
  await mkdir(join(folder, 'twins'));
  const image = sharp({ create: { width: 80, height: 60, channels: 3, background: '#c08040' } });
  await image.clone().gif().toFile(join(folder, 'twins/a.gif'));
  await image.clone().png().toFile(join(folder, 'twins/a.gif.png'));
  const options = { images: inFolder('twins'), model, out: join(folder, 'twins-drawn') };
  await expect(detectFiles(options)).rejects.toThrow(
    /the picture of both .*a\.gif and .*a\.gif\.png; rename/,
  );
});

test('a second run ignores the output images of the first', async () => {
  const image = sharp({ create: { width: 80, height: 60, channels: 3, background: '#c08040' } });
  await mkdir(join(folder, 'again'));
  await image.jpeg().toFile(join(folder, 'again/a.jpg'));
  const options = { images: inFolder('again'), model, out: join(folder, 'again/drawn') };
  const first = await detectFiles(options);
  const second = await detectFiles(options);
  expect(second.map(({ picture }) => picture)).toEqual(first.map(({ picture }) => picture));
});

test('reports the best score below the threshold if nothing is found', async () => {
  const events: DetectFilesEvent[] = [];
  const options = { images: inFolder('a/same.jpg'), model, detect: { scoreThreshold: 1 } };
  await detectFiles(options, { onEvent: (event) => events.push(event) });
  const note = events.find((event) => event.type === 'note');
  expect(note?.message).toMatch(
    /^nothing has a score above 1: the best is \w+ at 0\.\d{3} in .*same\.jpg; a lower score threshold shows it$/,
  );
});
