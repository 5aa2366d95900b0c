import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { loadDetector } from '../../src/detection/detector.ts';
import { noisePicture } from '../image/pictures.ts';
import { microYoloError } from '../micro-yolo-error.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { tinyYolox } from './foreign/tiny-graph.ts';

const all = { scoreThreshold: 0, maxDetections: 1000 } as const;
const folder = temporaryFolder();
const yolox = join(folder, 'yolox.onnx');
let photo: Buffer;
beforeAll(async () => {
  photo = await noisePicture(120, 80).png().toBuffer();
  await writeFile(yolox, tinyYolox());
});

test.each([
  ['a network of this library', () => tinyModel()],
  ['an ONNX graph', () => yolox],
])("%s finds the same in a worker thread as in the caller's thread", async (_, model) => {
  const options = { as: typeof model() === 'string' ? 'yolox' : undefined };
  await using here = await loadDetector(model(), options);
  const there = await loadDetector(model(), { ...options, worker: true });
  const expected = await here.detect(photo, all);
  expect(expected.length).toBeGreaterThan(5);
  expect(await Promise.all([there.detect(photo, all), there.detect(photo, all)])).toEqual([
    expected,
    expected,
  ]);
  await there[Symbol.asyncDispose]();
  await there[Symbol.asyncDispose]();
  expect((await microYoloError(there.detect(photo))).code).toBe('disposed');
});

test('timers of the caller run while the network runs', async () => {
  await using detector = await loadDetector('micro-yolo-coco', { worker: true, size: 640, threads: 1 });
  const pixels = new Uint8Array(640 * 640 * 3);
  const happened: string[] = [];
  setTimeout(() => happened.push('timer'), 0);
  await detector.run(pixels);
  expect(happened).toEqual(['timer']);
});

test("refuses a graph that ONNX Runtime cannot run as the caller's thread does", async () => {
  const damaged = join(folder, 'damaged.onnx');
  await writeFile(
    damaged,
    tinyYolox().map((byte, at) => (at === 40 ? 255 - byte : byte)),
  );
  const errors = [];
  for (const worker of [false, true]) {
    errors.push((await microYoloError(loadDetector(damaged, { as: 'yolox', worker }))).message);
  }
  expect(errors[1]).toBe(errors[0]);
});

test('a program that does not dispose its detector still ends', () => {
  const entry = pathToFileURL(fileURLToPath(new URL('../../dist/api/index.js', import.meta.url))).href;
  const program = `
    import { loadDetector } from '${entry}';
    const detector = await loadDetector('micro-yolo-coco', { worker: true });
    console.log((await detector.detect(process.argv[1])).length);
  `;
  const meadow = fileURLToPath(new URL('../../docs/images/meadow.jpg', import.meta.url));
  const args = ['--input-type=module', '-e', program, meadow];
  expect(Number(execFileSync(process.execPath, args, { encoding: 'utf8' }))).toBeGreaterThan(0);
});

test('refuses the worker thread for runtimes that have none', async () => {
  const error = await microYoloError(loadDetector(tinyModel(), { runtime: 'webgpu', worker: true }));
  expect(error).toMatchObject({ code: 'invalid-argument', field: 'worker', received: true });
});
