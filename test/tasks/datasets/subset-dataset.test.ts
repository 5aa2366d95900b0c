import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCoco } from '../../../src/datasets/formats/coco/write.ts';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { subsetDatasetFiles } from '../../../src/tasks/datasets/subset-dataset.ts';
import { describeWithData } from '../../data-folder.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { temporaryFolder, writePhoto } from '../../temporary-files.ts';

const root = temporaryFolder();
const input = join(root, 'made');
await mkdir(input);
for (const split of ['train', 'val']) {
  await writeCoco(madeDataset(), join(input, `${split}.json`));
  for (const { fileName } of madeDataset().images) await writePhoto(join(input, split, fileName));
}

test('each split gets its part, with only its images', async () => {
  const out = join(root, 'few');
  const { splits } = await subsetDatasetFiles({
    data: input,
    out,
    subset: { images: 5, classes: ['person', 'dog'] },
  });
  expect(splits.map(({ split, images }) => [split, images])).toEqual([
    ['train', 5],
    ['val', 5],
  ]);
  expect(await readdir(join(out, 'train'))).toHaveLength(5);
});

test('can select one split', async () => {
  const out = join(root, 'one');
  const { splits } = await subsetDatasetFiles({ data: input, out, split: 'val', subset: { images: 5 } });
  expect(splits.map(({ split }) => split)).toEqual(['val']);
});

test('can write the part in another format', async () => {
  const out = join(root, 'yolo');
  const { path } = await subsetDatasetFiles({ data: input, out, to: 'yolo', subset: { classes: ['dog'] } });
  expect((await loadDataset(path)).categories).toEqual([{ id: 0, name: 'dog' }]);
});

test('accepts a synonym of a class and keeps the name in the data', async () => {
  const data = join(root, 'couches.json');
  const [first, ...others] = madeDataset().categories;
  await writeCoco(madeDataset({ categories: [{ ...first!, name: 'couch' }, ...others] }), data);
  const subset = { classes: ['sofa'] };
  const { classes } = await subsetDatasetFiles({ data, out: join(root, 'sofas'), transfer: 'none', subset });
  expect(classes.map(({ name }) => name)).toEqual(['couch']);
});

test('an unknown class leaves no folder behind', async () => {
  const out = join(root, 'none');
  await expect(subsetDatasetFiles({ data: input, out, subset: { classes: ['cow'] } })).rejects.toThrow(
    /class "cow"/,
  );
  expect(await readdir(root)).not.toContain('none');
});

describeWithData('COCO mini', (folder) => {
  test("a part keeps COCO's ids", async () => {
    const out = join(root, 'person-dog');
    await subsetDatasetFiles({
      data: join(folder, 'coco-mini/val.json'),
      out,
      transfer: 'none',
      subset: { classes: ['person', 'dog'], images: 50 },
    });
    const whole = await loadDataset(join(folder, 'coco-mini/val.json'));
    const part = await loadDataset(out);
    expect(part.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'person'],
      [18, 'dog'],
    ]);
    expect(part.images).toHaveLength(50);
    for (const image of part.images) expect(whole.images).toContainEqual(image);
  });
});
