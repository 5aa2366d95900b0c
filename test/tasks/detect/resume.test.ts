import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { detectFiles } from '../../../src/tasks/detect/detect-files.ts';
import { runCli } from '../../cli/run-cli.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { killedRun, linesOf } from './killed-run.ts';

const COUNT = 16;
const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);
const model = inFolder('tiny.safetensors');
const detect = { scoreThreshold: 0, maxDetections: 2 };
const images = [inFolder('photos')];

const imagesIn = async (name: string) =>
  (await linesOf(inFolder(name))).map((line) => JSON.parse(line).image as string).sort();

beforeAll(async () => {
  await writeModel(model, tinyModel());
  await mkdir(inFolder('photos'));
  const photo = await noisePicture(320, 240).png().toBuffer();
  for (let i = 0; i < COUNT - 2; i++)
    await writeFile(inFolder(`photos/${String(i).padStart(3, '0')}.png`), photo);
  await symlink('000.png', inFolder('photos/link.png'));
  await symlink('link.png', inFolder('photos/link-of-link.png'));
});

test('after repeated kills and a resume, every output has each image once', async () => {
  const outputs = [
    '--jsonl',
    'k/found.jsonl',
    '--csv',
    'k/found.csv',
    '--coco',
    'k/found.json',
    '--yolo-txt',
    'k/txt',
  ];
  const detecting = ['detect', 'photos', '-m', model, '-t', '0', '--max-detections', '2', '--threads', '1'];
  const args = [...detecting, '--no-pictures', ...outputs, '--resume'];
  for (const lines of [3, 9]) await killedRun(args, folder, 'k/found.jsonl', lines);
  expect((await linesOf(inFolder('k/found.jsonl'))).length).toBeGreaterThan(0);
  const { code } = await runCli(args, folder);
  expect(code).toBe(0);
  const found = await imagesIn('k/found.jsonl');
  expect(found).toHaveLength(COUNT);
  expect(new Set(found).size).toBe(COUNT);
  expect(found).toEqual(expect.arrayContaining(['photos/link.png', 'photos/link-of-link.png']));
  const coco = JSON.parse(await readFile(inFolder('k/found.json'), 'utf8'));
  expect(new Set(coco.images.map(({ file_name }: { file_name: string }) => file_name)).size).toBe(COUNT);
  expect(coco.images).toHaveLength(COUNT);
  expect(coco.annotations).toHaveLength(2 * COUNT);
  expect(await linesOf(inFolder('k/found.csv'))).toHaveLength(1 + 2 * COUNT);
});

test('redoes a truncated last line', async () => {
  const options = { images, model, detect, jsonl: inFolder('torn.jsonl') };
  await detectFiles(options);
  const whole = await readFile(options.jsonl);
  await truncate(options.jsonl, whole.length - 20);
  const again = await detectFiles({ ...options, resume: true });
  expect(again).toHaveLength(1);
  expect(await readFile(options.jsonl)).toEqual(whole);
});

test('a last line without its line end is truncated too', async () => {
  const options = { images, model, detect, jsonl: inFolder('unended.jsonl') };
  await detectFiles(options);
  const whole = await readFile(options.jsonl);
  await truncate(options.jsonl, whole.length - 1);
  expect(await detectFiles({ ...options, resume: true })).toHaveLength(1);
  expect(await readFile(options.jsonl)).toEqual(whole);
});

test('starts over if there is nothing to resume', async () => {
  const options = { images, model, detect, csv: inFolder('new.csv'), resume: true };
  expect(await detectFiles(options)).toHaveLength(COUNT);
  expect(await linesOf(inFolder('new.csv'))).toHaveLength(1 + 2 * COUNT);
  // That run was complete: its journal is deleted.
  expect((await readdir(folder)).filter((name) => name.startsWith('new.csv'))).toEqual(['new.csv']);
  expect(await detectFiles(options)).toHaveLength(COUNT);
  expect(await linesOf(inFolder('new.csv'))).toHaveLength(1 + 2 * COUNT);
});

test('starts a file over without resume', async () => {
  const options = { images, model, detect, jsonl: inFolder('anew.jsonl') };
  await detectFiles(options);
  await detectFiles(options);
  expect(await imagesIn('anew.jsonl')).toHaveLength(COUNT);
});

test('resuming a complete run with more images processes only those', async () => {
  const options = { model, detect, jsonl: inFolder('more.jsonl'), resume: true };
  await detectFiles({ ...options, images: [inFolder('photos/000.png'), inFolder('photos/001.png')] });
  expect(await detectFiles({ ...options, images })).toHaveLength(COUNT - 2);
  expect(new Set(await imagesIn('more.jsonl')).size).toBe(COUNT);
});

test('refuses to resume a run with other options', async () => {
  const jsonl = inFolder('other.jsonl');
  const args = ['detect', 'photos', '-m', model, '-t', '0', '--no-pictures', '--jsonl', jsonl];
  await killedRun(args, folder, 'other.jsonl', 2);
  const { code, stderr } = await runCli(
    [...args.map((arg) => (arg === '0' ? '0.5' : arg)), '--resume'],
    folder,
  );
  expect(stderr).toMatch(
    /other\.jsonl: was made with another model or other options .*leave out --resume to start over/,
  );
  expect(code).toBe(2);
});

test('refuses to resume a finished run with other options', async () => {
  const options = { images: [inFolder('photos/000.png')], model, detect, jsonl: inFolder('finished.jsonl') };
  await detectFiles(options);
  const before = await readFile(options.jsonl);
  const other = { ...options, images, detect: { scoreThreshold: 0.5 }, resume: true };
  await expect(detectFiles(other)).rejects.toThrow(
    /finished\.jsonl: was made with another model or other options/,
  );
  expect(await readFile(options.jsonl)).toEqual(before);
});

test.each([
  ['saveConf', { saveConf: true }],
  ['out', { out: inFolder('other-drawn') }],
])('refuses to resume with another %s, and empties no output', async (name, other) => {
  const [jsonl, csv] = [inFolder(`${name}.jsonl`), inFolder(`${name}.csv`)];
  const options = { images: [inFolder('photos/000.png')], model, detect, jsonl, csv };
  const yoloTxt = inFolder(`${name}-labels`);
  await detectFiles({ ...options, yoloTxt });
  const before = await readFile(csv);
  await expect(detectFiles({ ...options, yoloTxt, ...other, resume: true })).rejects.toThrow(
    /was made with another model or other options/,
  );
  expect(await readFile(csv)).toEqual(before);
});

test('refuses to resume lines whose model and options are unknown', async () => {
  const options = { images: [inFolder('photos/000.png')], model, detect, jsonl: inFolder('unknown.jsonl') };
  await detectFiles(options);
  await rm(`${options.jsonl}.run`);
  await expect(detectFiles({ ...options, resume: true })).rejects.toThrow(
    /unknown\.jsonl: .*unknown\.jsonl\.run, which states its model and options, is missing; leave out `resume` to start over/,
  );
});

test('does not write to a file of another kind', async () => {
  await writeFile(inFolder('notes.jsonl'), 'my notes\n');
  const options = { images, model, jsonl: inFolder('notes.jsonl'), resume: true };
  await expect(detectFiles(options)).rejects.toThrow(/notes\.jsonl: line 1 has no detections/);
  expect(await readFile(inFolder('notes.jsonl'), 'utf8')).toBe('my notes\n');
});

test('resumes a run with one picture file', async () => {
  const out = inFolder('single/drawn.png');
  const options = { images: [inFolder('photos/000.png')], model, detect, out, resume: true };
  expect(await detectFiles(options)).toMatchObject([{ picture: out }]);
  expect(await readdir(inFolder('single'))).toEqual(['drawn.png']);
});
