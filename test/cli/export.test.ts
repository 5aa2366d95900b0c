import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadDetector } from '../../src/inference/detector.ts';
import { readModel, writeModel } from '../../src/model/model-file.ts';
import { createSession } from '../../src/runtime/node.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { tinyModel } from '../tiny-model.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
beforeAll(async () => {
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
});

test('an exported ONNX file gives the outputs of the model it came from', async () => {
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

test.each(['model', 'model.pb'])('%s is no name of a format that can be read again', async (out) => {
  const { code, stderr } = await runCli(
    ['export', 'tiny.safetensors', '-f', 'safetensors', '-o', out],
    folder,
  );
  expect(stderr).toBe(
    `error: out ${out}: format safetensors, expected a name that ends in .safetensors; fix --out or --format\n`,
  );
  expect(code).toBe(2);
});
