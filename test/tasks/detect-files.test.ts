import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../src/model/model-file.ts';
import { type DetectFilesEvent, detectFiles } from '../../src/tasks/detect-files.ts';
import { tinyModel } from '../tiny-model.ts';

let folder: string;
let model: string;
const inFolder = (...names: string[]) => names.map((name) => join(folder, name));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micro-yolo-'));
  model = join(folder, 'tiny.safetensors');
  await writeModel(model, tinyModel());
  await mkdir(join(folder, 'a'));
  await mkdir(join(folder, 'b'));
  const image = sharp({ create: { width: 80, height: 60, channels: 3, background: '#c08040' } });
  await image.clone().jpeg().toFile(join(folder, 'a/same.jpg'));
  await image.clone().jpeg().toFile(join(folder, 'b/same.jpg'));
  await writeFile(join(folder, 'a/broken.png'), 'no image');
});
afterAll(() => rm(folder, { recursive: true }));

test('events tell start, each image in order, and what was skipped', async () => {
  const events: DetectFilesEvent[] = [];
  const images = inFolder('a/broken.png', 'a/same.jpg', 'b/same.jpg');
  const results = await detectFiles({ images, model }, (event) => events.push(event));
  expect(events.map(({ type }) => type)).toEqual(['started', 'skipped', 'detected', 'detected']);
  expect(results.map(({ image }) => image)).toEqual(images.slice(1));
});

test('images of one name in two folders get a picture each', async () => {
  const out = join(folder, 'drawn');
  const results = await detectFiles({ images: inFolder('a/same.jpg', 'b/same.jpg'), model, out });
  expect(results.map(({ picture }) => picture)).toEqual(inFolder('drawn/a/same.jpg', 'drawn/b/same.jpg'));
  expect((await readdir(out, { recursive: true })).filter((name) => name.endsWith('.jpg'))).toHaveLength(2);
});

test('one file cannot take the pictures of two images', async () => {
  const options = { images: inFolder('a/same.jpg', 'b/same.jpg'), model, out: join(folder, 'one.png') };
  await expect(detectFiles(options)).rejects.toThrow(/one\.png: one file, but 2 images; give a folder$/);
});

test('a picture that cannot be written stops the run', async () => {
  await mkdir(join(folder, 'taken/same.jpg'), { recursive: true });
  const options = { images: inFolder('a/same.jpg'), model, out: join(folder, 'taken') };
  await expect(detectFiles(options)).rejects.toThrow(/cannot be written \(EISDIR\)/);
});
