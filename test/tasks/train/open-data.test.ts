import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotationTable } from '../../../src/datasets/dataset.ts';
import { writeCoco } from '../../../src/datasets/formats/coco/write.ts';
import { openData } from '../../../src/tasks/train/open-data.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import type { PartialTrainingSettings } from '../../../src/training/run/settings.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const root = temporaryFolder();

async function open(data: string, settings: PartialTrainingSettings = {}) {
  const notes: string[] = [];
  const opened = await openData(resolveSettings({ data, ...settings }, 'test'), (note) => notes.push(note));
  return { ...opened, notes };
}

test('a file of the evaluation split given for training is trained on, and not evaluated on', async () => {
  const data = await writeDeep(join(root, 'alone/val.json'), '');
  await writeCoco(madeDataset(), data);
  const { train, evaluation, notes } = await open(data);
  expect(train.images).toHaveLength(20);
  expect(evaluation).toBeUndefined();
  expect(notes).toEqual([
    `${data} has only split val: nothing is evaluated, and the last model counts as the best; to evaluate, hold out a part with \`valShare: 0.2\`, or divide it with "micro-yolo dataset split"`,
  ]);
});

test('evaluates classes of images under a synonym too', async () => {
  const folder = join(root, 'rooms');
  for (const path of ['train/couch', 'train/dog', 'val/sofa', 'val/dog'])
    await writePhoto(join(folder, path, 'a.png'));
  const { evaluation } = await open(folder);
  expect(evaluation?.categories.map(({ name }) => name)).toEqual(['dog', 'sofa']);
  await writePhoto(join(folder, 'val/car/a.png'));
  await expect(open(folder)).rejects.toThrow(/class "car" of split val is not in split train/);
});

test('refuses splits without a common class before training', async () => {
  const folder = join(root, 'strangers');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'train.json'), ''));
  const categories = madeDataset().categories.map(({ id }) => ({ id, name: `kind ${id}` }));
  await writeCoco(madeDataset({ categories }), join(folder, 'val.json'));
  await expect(open(folder)).rejects.toThrow(
    /split val has kind 1.*, and none of split train's person.*; fix the names/,
  );
});

test('refuses an evaluation split without objects, because no epoch would ever be better', async () => {
  const folder = join(root, 'unlabeled');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'train.json'), ''));
  await writeCoco(madeDataset({ annotations: annotationTable([]) }), join(folder, 'val.json'));
  await expect(open(folder)).rejects.toThrow(
    `${folder}: split val has no objects; fix its labels, or set evaluateSplit to null`,
  );
});

test('does not train on the evaluation data', async () => {
  const folder = join(root, 'test-alone');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'test.json'), ''));
  await expect(open(folder)).rejects.toThrow(
    `split "train": ${folder} has only test; hold out a part with \`valShare: 0.2\`, or divide it with "micro-yolo dataset split", or name it with \`trainSplit: "test"\``,
  );
  const named = join(root, 'named');
  await writeCoco(madeDataset(), await writeDeep(join(named, 'annotations/instances_default.json'), ''));
  expect((await open(named)).train.images).toHaveLength(20);
});

test('holds out a share of the images for evaluation, the same one each time', async () => {
  const data = await writeDeep(join(root, 'share/labels.json'), '');
  await writeCoco(madeDataset(), data);
  const settings = resolveSettings({ data, valShare: 0.25, nearDuplicates: 'ignore', seed: 3 }, 'test');
  const notes: string[] = [];
  const { train, evaluation } = await openData(settings, (note) => notes.push(note));
  expect([train.images.length, evaluation?.images.length]).toEqual([15, 5]);
  expect(notes).toEqual([
    '5 of 20 images are held out for evaluation, by class (valShare 0.25, splitSeed 1)',
  ]);
  const again = await openData({ ...settings, seed: 4 }, () => {});
  expect(again.evaluation?.images).toEqual(evaluation?.images);
  const other = await openData({ ...settings, splitSeed: 2 }, () => {});
  expect(other.evaluation?.images).not.toEqual(evaluation?.images);
});

test('holds out no share of data with an evaluation split', async () => {
  const folder = join(root, 'both');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'train.json'), ''));
  await writeCoco(madeDataset(), join(folder, 'val.json'));
  const settings = resolveSettings({ data: folder, valShare: 0.25 }, 'test');
  await expect(openData(settings, () => {})).rejects.toThrow(
    `valShare 0.25: ${folder} has a split val to evaluate on, expected none; leave out one of the two`,
  );
});

test('a folder with only a test split gets instructions for dividing it', async () => {
  const folder = join(root, 'lone');
  await writeCoco(madeDataset(), await writeDeep(join(folder, 'test.json'), ''));
  await expect(open(folder)).rejects.toThrow(
    /has only test; hold out a part with `valShare: 0.2`, or divide it with "micro-yolo dataset split"/,
  );
  const { train } = await openData(resolveSettings({ data: folder, valShare: 0.2 }, 'test'), () => {});
  expect(train.images).toHaveLength(16);
});

test('without the usual evaluation split, says how to name another; a named one must exist', async () => {
  const folder = join(root, 'tested');
  for (const split of ['train', 'test']) {
    await writeCoco(madeDataset(), await writeDeep(join(folder, `${split}.json`), ''));
  }
  const { evaluation, notes } = await open(folder);
  expect(evaluation).toBeUndefined();
  expect(notes.join('\n')).toMatch(/has no split val: .*; `evaluateSplit: "test"` evaluates on that split$/);
  expect((await open(folder, { evaluateSplit: 'test' })).evaluation?.images).toHaveLength(20);
  await expect(open(folder, { evaluateSplit: 'tset' })).rejects.toThrow(
    /split "tset": .* has .*; did you mean test\?; name one with `evaluateSplit: /,
  );
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

test('refuses a split whose boxes all lie outside their images or are too small, with their numbers', async () => {
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

test('refuses a split of crowds only as such', async () => {
  const annotations = [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 30, 40], iscrowd: 1 }];
  const { opened } = await openCoco('crowds', [], { annotations });
  await expect(opened).rejects.toThrow(
    /none of the 1 boxes of split train can be trained on \(1 of crowds\)/,
  );
});

test('refuses a split without boxes as such', async () => {
  const { opened } = await openCoco('no-boxes', []);
  await expect(opened).rejects.toThrow(/split train has no boxes to train on/);
});

test('reports what is not trained on, and trains on the rest', async () => {
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

test('trains on all boxes of annotations that share their ids, and notes the ids', async () => {
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

test('counts omitted records by what is wrong', async () => {
  const { opened } = await openCoco('bad', [[10, 10, 20, 20], [1, 2, 3], [1, 2, 3]]); // biome-ignore format: boxes
  expect((await opened).notes[0]).toMatch(
    /^2 invalid records skipped \(2 × box not four numbers, or negative\); /,
  );
});

test('refuses two classes with one id, because their images would teach that nothing is there', async () => {
  const categories = [...CATEGORIES, { id: 1, name: 'dog' }, { id: 2, name: 'cow' }];
  const { opened } = await openCoco('classes', [[10, 10, 20, 20]], { categories });
  await expect(opened).rejects.toThrow(/categories\[0\]: id 1 of "cat" is also the id of "dog"/);
});

test('reports a file with two ids as seen twice', async () => {
  const images = [1, 2].map((id) => ({ id, file_name: 'a.jpg', ...PICTURE }));
  const { opened } = await openCoco('twice', [[10, 10, 20, 20]], { images });
  expect((await opened).notes[0]).toMatch(
    /^1 image is listed more than once \(such as a\.jpg\), and used as often; .*--fix/,
  );
});

test('also refuses boxes outside their images in VOC', async () => {
  const xml = `<annotation><filename>a.jpg</filename><size><width>80</width><height>60</height></size>
    <object><name>cat</name><bndbox><xmin>400</xmin><ymin>400</ymin><xmax>450</xmax><ymax>450</ymax></bndbox></object></annotation>`;
  await writeDeep(join(root, 'voc/Annotations/a.xml'), xml);
  await writePhoto(join(root, 'voc/JPEGImages/a.jpg'));
  await expect(open(join(root, 'voc'))).rejects.toThrow(/\(1 outside their images\)/);
});

test('of two categories with one name, the one with boxes counts; with boxes of both, it refuses', async () => {
  const folder = join(root, 'namesakes');
  const row = { id: 1, image: 0, category: 0, box: [1, 2, 30, 40] as const, area: 1200, crowd: false };
  const categories = [
    { id: 1, name: 'cat' },
    { id: 2, name: 'cat' },
  ];
  const file = await writeDeep(join(folder, 'train.json'), '');
  await writeCoco(madeDataset({ categories, annotations: annotationTable([row]) }), file);
  const { train } = await open(file);
  expect(train.categories.map(({ id }) => id)).toEqual([1]);
  expect(train.annotations.count).toBe(1);
  const both = annotationTable([row, { ...row, id: 2, category: 1 }]);
  await writeCoco(madeDataset({ categories, annotations: both }), file);
  await expect(open(file)).rejects.toThrow(
    /categories 1 and 2 have boxes and one name, "cat", expected .*; /,
  );
});
