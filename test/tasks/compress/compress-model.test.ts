import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDetector } from '../../../src/detection/detector.ts';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { compressModel } from '../../../src/tasks/compress/compress-model.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const network = buildDetector('yolo-lite', { classes: 2 });
const model = join(folder, 'model.safetensors');
const out = join(folder, 'small.safetensors');
const image = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(120) };

test('the compressed file is smaller, and detects with the weights that it encodes', async () => {
  const weights = initializeWeights(network, 1);
  await writeModel(model, { network, weights, classes: ['a', 'b'], recipe: DEFAULT_RECIPE, provenance: {} });
  const { bytes, stages, path } = await compressModel({ model, centers: 32, out });
  expect(path).toBe(out);
  expect(bytes).toBe((await stat(out)).size);
  expect(bytes).toBeLessThan((await stat(model)).size / 3);
  const coded = stages.find(({ stage }) => stage === 'coded')!;
  expect(bytes - coded.bytes).toBeLessThan(60_000);
  const plain = join(folder, 'plain.safetensors');
  await writeModel(plain, await readModel(out));
  const found = [];
  for (const file of [out, plain]) {
    await using detector = await loadDetector(file, { size: 64 });
    found.push(await detector.detect(image, { scoreThreshold: 0.01 }));
  }
  expect(found[0]).toEqual(found[1]);
});

test.each([
  [{ centers: 1 }, /centers 1: expected/],
  [{ centers: 5000 }, /centers 5000: expected/],
  [{ sparsity: 1 }, /sparsity 1: expected/],
  [{ out: 'small.onnx' }, /out small\.onnx: expected a name that ends in \.safetensors/],
  [{ out: model }, /the model itself/],
  [{ data: 'd', split: 'test', maxDrop: 1 }, /split test: a split that selects the model cannot test it/],
  [{ data: 'd', split: 'test', minutes: 1 }, /split test: a split that selects the model cannot test it/],
])('%j is refused', async (options, message) => {
  const error = await microYoloError(compressModel({ model, out, ...options }));
  expect(error.message).toMatch(message);
});
