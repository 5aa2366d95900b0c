import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCoco } from '../../../src/datasets/coco/write.ts';
import { annotationTable } from '../../../src/datasets/dataset.ts';
import { openData } from '../../../src/tasks/train/open-data.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import type { PartialTrainingSettings } from '../../../src/training/settings.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { temporaryFolder, writeDeep } from '../../temporary-files.ts';

const root = temporaryFolder();

async function open(data: string, settings: PartialTrainingSettings = {}) {
  const notes: string[] = [];
  const opened = await openData(resolveSettings({ data, ...settings }, 'test'), (note) => notes.push(note));
  return { ...opened, notes };
}

test('a file of the split to evaluate on is trained on, and not measured with', async () => {
  const data = await writeDeep(join(root, 'alone/val.json'), '');
  await writeCoco(madeDataset(), data);
  const { train, evaluation, notes } = await open(data);
  expect(train.images).toHaveLength(20);
  expect(evaluation).toBeUndefined();
  expect(notes).toEqual([
    `${data} is split val alone: nothing is evaluated, and the last model counts as the best`,
  ]);
});

test('splits without a class in common are refused before training', async () => {
  const folder = join(root, 'strangers');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'train.json'), ''));
  const categories = madeDataset().categories.map(({ id }) => ({ id, name: `kind ${id}` }));
  await writeCoco(madeDataset({ categories }), join(folder, 'val.json'));
  await expect(open(folder)).rejects.toThrow(
    /split val has kind 1.*, and none of split train's person.*; mend the names/,
  );
});

test('a split to evaluate on without an object is refused, for nothing would ever be better', async () => {
  const folder = join(root, 'unlabeled');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'train.json'), ''));
  await writeCoco(madeDataset({ annotations: annotationTable([]) }), join(folder, 'val.json'));
  await expect(open(folder)).rejects.toThrow(
    `${folder}: split val has no object to find; mend its labels, or leave it out by evaluateSplit null`,
  );
});

test('what is there to measure with is not trained on', async () => {
  const folder = join(root, 'test-alone');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'test.json'), ''));
  await expect(open(folder)).rejects.toThrow(
    `split "train": ${folder} has test; name one by --set trainSplit=test`,
  );
  const named = join(root, 'named');
  await writeCoco(madeDataset(), await writeDeep(join(named, 'annotations/instances_default.json'), ''));
  expect((await open(named)).train.images).toHaveLength(20);
});

test('data without the usual split to evaluate on says how to name another; one that is named must be there', async () => {
  const folder = join(root, 'tested');
  for (const split of ['train', 'test']) {
    await writeCoco(madeDataset(), await writeDeep(join(folder, `${split}.json`), ''));
  }
  const { evaluation, notes } = await open(folder);
  expect(evaluation).toBeUndefined();
  expect(notes.join('\n')).toMatch(/has no split val: .*; --set evaluateSplit=test evaluates on that$/);
  expect((await open(folder, { evaluateSplit: 'test' })).evaluation?.images).toHaveLength(20);
  await expect(open(folder, { evaluateSplit: 'tset' })).rejects.toThrow(
    /split "tset": .* has .*; did you mean test\?; name one by --set evaluateSplit=/,
  );
});
