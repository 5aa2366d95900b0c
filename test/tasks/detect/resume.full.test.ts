import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { runCli } from '../../cli/run-cli.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { killedRun, linesOf } from './killed-run.ts';

const COUNT = 200;
const folder = temporaryFolder();
const inFolder = (name: string) => join(folder, name);

test('after ten kills and a resume, every output has each image once', async () => {
  await writeModel(inFolder('tiny.safetensors'), tinyModel());
  await mkdir(inFolder('photos'));
  const photo = await noisePicture(320, 240).png().toBuffer();
  for (let i = 0; i < COUNT - 1; i++)
    await writeFile(inFolder(`photos/${String(i).padStart(3, '0')}.png`), photo);
  await symlink('000.png', inFolder('photos/link.png'));
  const detecting = ['detect', 'photos', '-m', 'tiny.safetensors', '-t', '0', '--max-detections', '2'];
  const files = ['--jsonl', 'found.jsonl', '--csv', 'found.csv', '--coco', 'found.json'];
  const folders = ['--yolo-txt', 'txt', '--crop', 'crops', '--out', 'drawn'];
  const args = [...detecting, '--threads', '1', ...files, ...folders, '--resume'];
  let before = 0;
  for (let kill = 1; kill <= 10; kill++) {
    await killedRun(args, folder, 'found.jsonl', before + 1 + ((7 * kill) % 18));
    before = (await linesOf(inFolder('found.jsonl'))).length;
  }
  expect(before).toBeLessThan(COUNT);
  const { code } = await runCli(args, folder);
  expect(code).toBe(0);

  const images = (await linesOf(inFolder('found.jsonl'))).map((line) => JSON.parse(line).image as string);
  expect(images).toHaveLength(COUNT);
  expect(new Set(images).size).toBe(COUNT);
  const coco = JSON.parse(await readFile(inFolder('found.json'), 'utf8'));
  expect(coco.images).toHaveLength(COUNT);
  expect(coco.annotations).toHaveLength(2 * COUNT);
  expect(await linesOf(inFolder('found.csv'))).toHaveLength(1 + 2 * COUNT);
  expect(await readdir(inFolder('txt'))).toHaveLength(COUNT);
  expect(await readdir(inFolder('drawn'))).toHaveLength(COUNT);
});
