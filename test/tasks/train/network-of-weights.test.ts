import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { trainingSettings } from '../../../src/tasks/train/train-detector.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const weights = join(temporaryFolder(), 'tiny.safetensors');

beforeAll(() => writeModel(weights, tinyModel()));

test("weights alone bring their network: another one's layers would fit none of them", async () => {
  const settings = await trainingSettings({ settings: { data: 'my-data', weights } });
  expect(settings.model).toBe(weights);
});

test('a network that is named is the one to train', async () => {
  const settings = await trainingSettings({ settings: { data: 'my-data', weights, model: 'micro-yolo' } });
  expect(settings.model).toBe('micro-yolo');
});

test('without weights it is micro-yolo', async () => {
  expect((await trainingSettings({ settings: { data: 'my-data' } })).model).toBe('micro-yolo');
});

test('weights that are missing are named', async () => {
  const settings = { data: 'my-data', weights: 'no-such-file.safetensors' };
  await expect(trainingSettings({ settings })).rejects.toThrow(/no-such-file\.safetensors/);
});
