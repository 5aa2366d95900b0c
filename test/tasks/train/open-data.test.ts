import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCoco } from '../../../src/datasets/coco/write.ts';
import { openData } from '../../../src/tasks/train/open-data.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { temporaryFolder, writeDeep } from '../../datasets/temporary.ts';

const root = await temporaryFolder();

async function open(data: string) {
  const notes: string[] = [];
  const opened = await openData(resolveSettings({ data }, 'test'), (note) => notes.push(note));
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
