import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { isModelName } from '../../../src/models/load.ts';
import { trainingSettings } from '../../../src/tasks/train/train-detector.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const weights = join(folder, 'tiny.safetensors');

beforeAll(() => writeModel(weights, tinyModel()));

test('weights alone bring their network, because the layers of another would not fit', async () => {
  const settings = await trainingSettings({ settings: { data: 'my-data', weights } });
  expect(settings.model).toBe(weights);
});

test.each([
  ['that is not a model on its own', { weights: 'first.weights' }],
  ['that another setting names', { weights, model: 'yolov3-tiny' }],
])('weights of a network %s change nothing', async (_, given) => {
  const settings = await trainingSettings({ settings: { data: 'my-data', ...given } });
  expect(settings.model).toBe('model' in given ? given.model : 'micro-yolo');
});

test('weights in an experiment file count too', async () => {
  const config = join(folder, 'experiment.yaml');
  await writeFile(config, `data: my-data\nweights: ${weights}\n`);
  expect((await trainingSettings({ config })).model).toBe(weights);
});

test('accepts a model that is downloaded on first use', () => {
  expect(isModelName('yolo-fastest-1.1-xl')).toBe(true);
  expect(isModelName('micro-yolo-coco')).toBe(true);
  expect(isModelName('first.weights')).toBe(false);
});

test('is micro-yolo without weights', async () => {
  expect((await trainingSettings({ settings: { data: 'my-data' } })).model).toBe('micro-yolo');
});

test('names missing weights', async () => {
  const settings = { data: 'my-data', weights: 'no-such-file.safetensors' };
  await expect(trainingSettings({ settings })).rejects.toThrow(/no-such-file\.safetensors/);
});
