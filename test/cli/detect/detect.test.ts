import { access, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();
const detect = (...args: string[]) => runCli(['detect', ...args], folder);
const exists = (path: string) =>
  access(join(folder, path)).then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
  await mkdir(join(folder, 'photos/inner'), { recursive: true });
  const noise = noisePicture(90, 60);
  await noise.clone().jpeg().toFile(join(folder, 'photos/a.jpg'));
  await noise.clone().png().toFile(join(folder, 'photos/inner/b.png'));
  await noise.clone().gif().toFile(join(folder, 'photos/inner/c.gif'));
  await mkdir(join(folder, 'mixed'));
  await noise.clone().jpeg().toFile(join(folder, 'mixed/good.jpg'));
  await writeFile(join(folder, 'mixed/broken.jpg'), 'this is text');
});

test('one photo gets a table, an annotated image and timings', async () => {
  const { code, stdout, stderr } = await detect(
    'photos/a.jpg',
    '-m',
    'tiny.safetensors',
    '-t',
    '0.01',
    '-o',
    'one.png',
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^onnx on the CPU\nphotos\/a\.jpg \(90×60\): \d+ detections?\nlabel +score +left +top +width +height\n(circle|square) /,
  );
  expect(stdout).toMatch(/decode [\d.]+ ms · network [\d.]+ ms · boxes [\d.]+ ms · drawing [\d.]+ ms/);
  expect(await sharp(join(folder, 'one.png')).metadata()).toMatchObject({
    format: 'png',
    width: 90,
    height: 60,
  });
});

test('--json prints an array and nothing else, and draws nothing', async () => {
  const { code, stdout, stderr } = await detect(
    'photos/a.jpg',
    '-m',
    'tiny.safetensors',
    '-t',
    '0',
    '--max-detections',
    '3',
    '--json',
  );
  expect(code).toBe(0);
  expect(stderr).toBe('');
  const [image] = JSON.parse(stdout);
  expect(image).toMatchObject({ image: 'photos/a.jpg', width: 90, height: 60 });
  expect(image.detections).toHaveLength(3);
  for (const { label, classId, score, box } of image.detections) {
    expect(['circle', 'square'][classId]).toBe(label);
    expect(score).toBeGreaterThan(0);
    const [left, top, width, height] = box;
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(left + width).toBeLessThanOrEqual(90);
    expect(top + height).toBeLessThanOrEqual(60);
  }
  expect(await exists('detections')).toBe(false);
});

test('searches a folder recursively and keeps its subfolders in the output', async () => {
  const { code, stdout, stderr } = await detect('photos', '-m', 'tiny.safetensors', '-o', 'drawn');
  expect(code).toBe(0);
  expect(stdout).toContain('3 images, 3 with objects; drawn in drawn');
  expect(stderr).toBe('note: photos: 3 images, 2 of them in subfolders\n');
  expect(await readdir(join(folder, 'drawn'), { recursive: true })).toEqual(
    expect.arrayContaining(['a.jpg', 'inner/b.png', 'inner/c.gif.png']),
  );
});

test('does not take images drawn by an earlier run for photos, wherever the next one draws', async () => {
  const work = join(folder, 'work');
  await mkdir(join(work, 'detections'), { recursive: true });
  for (const place of ['a.jpg', 'detections/a.jpg'])
    await copyFile(join(folder, 'photos/a.jpg'), join(work, place));
  const found = async (...images: string[]) => {
    const { stdout } = await runCli(['detect', ...images, '-m', '../tiny.safetensors', '--json'], work);
    return JSON.parse(stdout).map(({ image }: { image: string }) => image);
  };
  expect(await found('.')).toEqual(['a.jpg']);
  expect(await found('detections')).toEqual(['detections/a.jpg']);
});

test('--classes shows only the named classes', async () => {
  const { stdout } = await detect(
    'photos/a.jpg',
    '-m',
    'tiny.safetensors',
    '-t',
    '0',
    '--classes',
    'square',
    '--json',
  );
  const labels = JSON.parse(stdout)[0].detections.map(({ label }: { label: string }) => label);
  expect(new Set(labels)).toEqual(new Set(['square']));
});

test('a broken file is reported and skipped, and the exit code says so', async () => {
  const { code, stdout, stderr } = await detect('mixed', '-m', 'tiny.safetensors', '--json');
  expect(code).toBe(3);
  expect(stderr).toMatch(/^skipped: mixed\/broken\.jpg: cannot be decoded .*\n$/);
  expect(JSON.parse(stdout).map(({ image }: { image: string }) => image)).toEqual(['mixed/good.jpg']);
});

test('--size and --resize override the model', async () => {
  const found = async (...flags: string[]) => {
    const { code, stdout } = await detect('photos/a.jpg', '-m', 'tiny.safetensors', ...flags, '--json');
    expect(code).toBe(0);
    return JSON.parse(stdout)[0].detections;
  };
  const plain = await found();
  const larger = await found('--size', '64x96');
  expect(larger).not.toEqual(plain);
  expect(await found('--size', '64x96', '--resize', 'stretch')).not.toEqual(larger);
});

test('an output never overwrites the list', async () => {
  await writeFile(join(folder, 'own-list.txt'), 'photos/a.jpg\n');
  const args = ['--list', 'own-list.txt', '-m', 'tiny.safetensors', '--csv', 'own-list.txt'];
  const { code, stderr } = await detect(...args);
  expect(stderr).toBe('error: csv own-list.txt: would overwrite the list; name another file with --csv\n');
  expect(code).toBe(2);
  expect(await readFile(join(folder, 'own-list.txt'), 'utf8')).toBe('photos/a.jpg\n');
});

test.skipIf(process.platform === 'win32')('names of folders cannot control the terminal', async () => {
  const out = ['--out', 'drawn\u001b[31m'];
  for (const images of [['photos/a.jpg'], ['photos']]) {
    const { stdout } = await detect(...images, '-m', 'tiny.safetensors', ...out);
    expect(stdout).toContain('drawn in drawn');
    expect(stdout).not.toContain('\u001b');
  }
});
