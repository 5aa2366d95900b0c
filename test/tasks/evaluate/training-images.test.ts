import { join } from 'node:path';
import { expect, test } from 'vitest';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { trainDetector } from '../../../src/tasks/train/train-detector.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { smallDetector } from '../prune/small-detector.ts';

const folder = temporaryFolder();

async function notesOf(model: string, data: string, split?: string): Promise<string> {
  const { notes } = await evaluateModel({ model, data, split, threads: 1 });
  return notes.join('\n');
}

test('says if a model was trained on the images that it is evaluated on', async () => {
  const { model: start } = await smallDetector(folder, [1, 1, 2, 2, 2, 2]);
  const data = join(folder, 'drawn');
  await synthesizeDataset({ out: data, train: 10, val: 4, size: 64 });
  const settings = { ...({ batch: 2, epochs: 1, engine: 'onnx-plain', threads: 1 } as const), model: start };
  const train = async (name: string, more: { readonly data: string; readonly valShare?: number }) =>
    (await trainDetector({ settings: { ...settings, runs: join(folder, name), ...more } })).model;
  const whole = await train('whole', { data });
  expect(await notesOf(whole, data, 'train')).toContain('the model was trained on these images');
  expect(await notesOf(whole, data, 'val')).not.toContain('trained on');
  const part = join(data, 'train.json');
  const shared = await train('shared', { data: part, valShare: 0.2 });
  expect(await notesOf(shared, part)).toContain('the model was trained on 80 % of these images');
});
