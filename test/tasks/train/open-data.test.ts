import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCoco } from '../../../src/datasets/coco/write.ts';
import { annotationTable } from '../../../src/datasets/dataset.ts';
import { openData } from '../../../src/tasks/train/open-data.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const root = temporaryFolder();

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
  await expect(open(folder)).rejects.toThrow(`split "train": ${folder} has test`);
  const named = join(root, 'named');
  await writeCoco(madeDataset(), await writeDeep(join(named, 'annotations/instances_default.json'), ''));
  expect((await open(named)).train.images).toHaveLength(20);
});

const PICTURE = { width: 80, height: 60 };
const IMAGES = [1, 2].map((id) => ({ id, file_name: `${id}.jpg`, ...PICTURE }));
const CATEGORIES = [{ id: 1, name: 'cat' }];

async function openCoco(name: string, bboxes: readonly (readonly number[])[], more: object = {}) {
  const annotations = bboxes.map((bbox, at) => ({
    id: at + 1,
    image_id: 1,
    category_id: 1,
    bbox,
    iscrowd: 0,
  }));
  const contents = { images: IMAGES, categories: CATEGORIES, annotations, ...more };
  const data = await writeDeep(join(root, name, 'shapes.json'), JSON.stringify(contents));
  return { data, opened: open(data) };
}

test('a split whose boxes all lie outside their images, or are too small, is refused with their numbers', async () => {
  const boxes = [
    [400, 400, 50, 50],
    [90, 10, 5, 5],
    [10, 10, 0.3, 20],
  ];
  const { data, opened } = await openCoco('outside', boxes);
  await expect(opened).rejects.toThrow(
    `${data}: none of the 3 boxes of split train can be trained on (2 outside their images, 1 under half a pixel wide or high); run`,
  );
});

test('a split of crowds alone is refused as such', async () => {
  const annotations = [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 30, 40], iscrowd: 1 }];
  const { opened } = await openCoco('crowds', [], { annotations });
  await expect(opened).rejects.toThrow(
    /none of the 1 boxes of split train can be trained on \(1 of crowds\)/,
  );
});

test('a split without boxes is refused as such', async () => {
  const { opened } = await openCoco('no-boxes', []);
  await expect(opened).rejects.toThrow(/split train has no boxes, and nothing to train on/);
});

test('what is not trained on is said, and the rest is trained on', async () => {
  const boxes = [
    [10, 10, 20, 20],
    [400, 400, 50, 50],
    [10, 10, 0.3, 20],
  ];
  const { opened } = await openCoco('some', boxes);
  expect((await opened).notes).toContain(
    '2 of 3 boxes of split train are not trained on: 1 outside their images, 1 under half a pixel wide or high',
  );
});

test('boxes of annotations that share their ids are all trained on, and the ids are noted', async () => {
  const annotations = [1, 2].flatMap((image_id) =>
    [1, 2].map((id) => ({ id, image_id, category_id: 1, bbox: [id * 20, 10, 15, 20] })),
  );
  const { data, opened } = await openCoco('ids', [], { annotations });
  const { train, notes } = await opened;
  expect(train.annotations.count).toBe(4);
  expect(notes[0]).toBe(
    `${data}: of 4 annotation ids, 2 repeat an earlier one: all are numbered from 1, and no box is lost`,
  );
});

test('records that are left out are counted by what is wrong', async () => {
  const { opened } = await openCoco('bad', [[10, 10, 20, 20], [1, 2, 3], [1, 2, 3]]); // biome-ignore format: boxes
  expect((await opened).notes[0]).toMatch(
    /^2 bad records left out \(2 × box not four numbers, or negative\); /,
  );
});

test('two classes of one id are refused: their images would teach that nothing is there', async () => {
  const categories = [...CATEGORIES, { id: 1, name: 'dog' }, { id: 2, name: 'cow' }];
  const { opened } = await openCoco('classes', [[10, 10, 20, 20]], { categories });
  await expect(opened).rejects.toThrow(/categories\[0\]: id 1 of "cat" is also that of "dog"/);
});

test('a file under two ids is said to be seen twice', async () => {
  const images = [1, 2].map((id) => ({ id, file_name: 'a.jpg', ...PICTURE }));
  const { opened } = await openCoco('twice', [[10, 10, 20, 20]], { images });
  expect((await opened).notes[0]).toMatch(
    /^1 images are listed again \(such as a\.jpg\), and seen as often; .*--fix/,
  );
});

test('boxes that lie outside their images are refused in VOC too', async () => {
  const xml = `<annotation><filename>a.jpg</filename><size><width>80</width><height>60</height></size>
    <object><name>cat</name><bndbox><xmin>400</xmin><ymin>400</ymin><xmax>450</xmax><ymax>450</ymax></bndbox></object></annotation>`;
  await writeDeep(join(root, 'voc/Annotations/a.xml'), xml);
  await writePhoto(join(root, 'voc/JPEGImages/a.jpg'));
  await expect(open(join(root, 'voc'))).rejects.toThrow(/\(1 outside their images\)/);
});
