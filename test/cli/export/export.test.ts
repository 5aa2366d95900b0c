import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadDetector } from '../../../src/detection/detector.ts';
import { createSession } from '../../../src/executors/onnx/session/session.ts';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();
beforeAll(async () => {
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
});

test('an exported ONNX file gives the outputs of its source model', async () => {
  const { code, stdout } = await runCli(['export', 'tiny.safetensors', '--format', 'onnx'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^tiny\.onnx: 0\.\d\d MB\n$/);
  const pixels = Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, index) => (index * 37) % 251);
  await using detector = await loadDetector(tinyModel());
  await using session = await createSession(await readFile(join(folder, 'tiny.onnx')));
  const expected = await detector.run(pixels);
  const found = await session.run({ image: { shape: [2, 64, 64, 3], data: pixels } });
  expect(found['head']).toEqual(expected['head']);
  expect(found['head']!.shape).toEqual([2, 14, 2, 2]);
});

test('an exported safetensors file is the same model at another size', async () => {
  const { code } = await runCli(
    ['export', 'tiny.safetensors', '-f', 'safetensors', '--size', '96', '-o', 'large.safetensors'],
    folder,
  );
  expect(code).toBe(0);
  const model = await readModel(join(folder, 'large.safetensors'));
  expect(model.network.input).toEqual([3, 96, 96]);
  expect({ ...model, network: tinyModel().network }).toEqual(tinyModel());
});

test.each(['model', 'model.pb'])('%s is not the name of a format that can be read back', async (out) => {
  const { code, stderr } = await runCli(
    ['export', 'tiny.safetensors', '-f', 'safetensors', '-o', out],
    folder,
  );
  expect(stderr).toBe(
    `error: out ${out}: format safetensors, expected a name that ends in .safetensors; fix --out or --format\n`,
  );
  expect(code).toBe(2);
});

test('a Darknet export is three files, which read back as the same detector', async () => {
  const { code, stdout } = await runCli(
    ['export', 'tiny.safetensors', '-f', 'darknet', '-o', 'own.cfg'],
    folder,
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^own\.cfg, own\.names, own\.weights: 0\.\d\d MB\n$/);
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 37) % 251);
  await using ours = await loadDetector(tinyModel());
  await using theirs = await loadDetector(join(folder, 'own.cfg'));
  expect(theirs.model.classes).toEqual(['circle', 'square']);
  const [expected, found] = [await ours.run(pixels), await theirs.run(pixels)];
  const [a, b] = [expected['head']!.data, Object.values(found)[0]!.data];
  expect(Math.max(...a.map((value, place) => Math.abs(value - b[place]!)))).toBeLessThan(1e-4);
});

test.each([
  [['-f', 'darknet', '--nms'], 'nms with format darknet: only onnx has it; leave it out'],
  [['-f', 'safetensors', '--decode'], 'decode with format safetensors: only onnx has it; leave it out'],
  [['-f', 'darknet', '--half'], 'half with format darknet: only onnx and safetensors have it; leave it out'],
  [['-f', 'onnx', '--iou', '0.5'], 'iouThreshold 0.5: has no effect without nms; add nms, or leave it out'],
])('%j is refused in one line', async (flags, message) => {
  const { code, stderr } = await runCli(['export', 'tiny.safetensors', ...flags], folder);
  expect(stderr).toBe(`error: ${message}\n`);
  expect(code).toBe(2);
});
