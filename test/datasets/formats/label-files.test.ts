import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDataset, openDataset } from '../../../src/datasets/open/description.ts';
import type { DatasetProblem } from '../../../src/datasets/problems.ts';
import { convertDataset } from '../../../src/tasks/datasets/convert-dataset.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const root = temporaryFolder();
let count = 0;
const LINE = '0 0.5 0.5 0.5 0.5\n';
const XML =
  '<annotation><filename>a.jpg</filename><object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin>' +
  '<xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>';

/** Writes a folder of files; those that end in .jpg are photos. */
async function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = join(root, String(count++));
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name);
    await (name.endsWith('.jpg') ? writePhoto(path) : writeDeep(path, contents));
  }
  return folder;
}

async function read(path: string, split?: string) {
  const problems: DatasetProblem[] = [];
  const dataset = await loadDataset(path, { split, onProblem: (problem) => problems.push(problem) });
  return { dataset, problems, names: dataset.categories.map(({ name }) => name) };
}

const PHOTO = { 'images/a.jpg': '', 'labels/a.txt': LINE };

test('names in YAML are not converted', async () => {
  const names = ['02146', '1e3', '0x10', '1', '1.0', '01', '1.10', 'yes', 'null', 'true', '2020-01-01'];
  const folder = await folderOf({ ...PHOTO, 'data.yaml': `train: images\nnames: [${names.join(', ')}]\n` });
  expect((await read(folder, 'train')).names).toEqual(names);
});

test.for([
  ['a list of YAML', { 'data.yaml': 'train: images\nnames:\n- cat\n-\n- dog\n-\n' }, 'data.yaml'],
  [
    'a file of names',
    {
      'obj.data': 'train = t.txt\nnames = obj.names\n',
      't.txt': 'images/a.jpg\n',
      'obj.names': 'cat\n\ndog\n\n',
    },
    'obj.data',
  ],
  ['classes.txt', { 'classes.txt': 'cat\r\n\r\ndog\r\n' }, ''],
] as const)(
  'an empty entry of %s keeps its number and is reported if it has boxes',
  async ([, files, path]) => {
    const folder = await folderOf({
      ...PHOTO,
      ...files,
      'labels/a.txt': '1 0.5 0.5 0.5 0.5\n2 0.2 0.2 0.1 0.1\n',
    });
    const source = await openDataset(join(folder, path));
    const { dataset, problems, names } = await read(join(folder, path), source.splits[0]);
    expect(names).toEqual(['cat', 'class 1', 'dog']);
    expect([...dataset.annotations.categories]).toEqual([1, 2]);
    expect(problems.map((problem) => [problem.kind, problem.count])).toEqual([['unnamed-class', 1]]);
  },
);

test.for([
  ['a list', { 'data.yaml': 'train: .\\t.txt\nnames: [cat]\n', 't.txt': 'images\\a.jpg\r\n' }, 'data.yaml'],
  ['a folder', { 'data.yaml': 'path: .\\\ntrain: .\\images\nnames: [cat]\n' }, 'data.yaml'],
  ['a glob', { 'data.yaml': 'train: images\\*.jpg\nnames: [cat]\n' }, 'data.yaml'],
  [
    'a .data file',
    { 'o.data': 'train = .\\t.txt\nnames = .\\n\n', 't.txt': 'images\\a.jpg\n', n: 'cat\n' },
    'o.data',
  ],
] as const)('%s written on Windows is read', async ([, files, path]) => {
  const folder = await folderOf({ ...PHOTO, ...files });
  const { dataset } = await read(join(folder, path), 'train');
  expect([dataset.images.length, dataset.annotations.count]).toEqual([1, 1]);
});

test('names a Windows drive as the cause', async () => {
  const folder = await folderOf({
    'data.yaml': 'train: t.txt\nnames: [cat]\n',
    't.txt': 'D:\\photos\\a.jpg\n',
  });
  const { problems } = await read(folder, 'train');
  expect(problems[0]).toMatchObject({
    place: 'D:\\photos\\a.jpg',
    message: expect.stringContaining('D: is a Windows drive'),
  });
});

test.for(['valid', 'validation'])('%s of a data.yaml is the split val', async (key) => {
  const folder = await folderOf({ ...PHOTO, 'data.yaml': `train: images\n${key}: images\nnames: [cat]\n` });
  expect((await openDataset(folder)).splits).toEqual(['train', 'val']);
});

test('absolute paths in a description stay absolute', async () => {
  const folder = await folderOf({ 'images/a.jpg': '' });
  const coco = { images: [], annotations: [], categories: [{ id: 1, name: 'cat' }] };
  const file = await writeDeep(join(folder, 'labels.json'), JSON.stringify(coco));
  const splits = `train: { annotations: ${file}, images: ${join(folder, 'images')} }`;
  const path = await writeDeep(
    join(folder, 'deep/made.yaml'),
    `format: coco\npath: .\nsplits:\n  ${splits}\n`,
  );
  expect((await loadDataset(path, { split: 'train' })).imageFolder).toBe(join(folder, 'images'));
});

test('counts label files without an image, with the images that have none', async () => {
  const folder = await folderOf({
    ...PHOTO,
    ...{ 'images/b.jpg': '', 'labels/1f-b.txt': LINE, 'labels/c.txt': LINE, 'labels/classes.txt': 'cat\n' },
    'data.yaml': 'train: images\nnames: [cat]\n',
  });
  const { problems } = await read(folder, 'train');
  expect(problems.map(({ kind, count }) => [kind, count])).toEqual([['stray-labels', 2]]);
  expect(problems[0]?.message).toContain('2 label files belong to no image, 1 image has no label file');
});

test('labels of images in another list are not without an image', async () => {
  const folder = await folderOf({
    ...{ 'obj/a.jpg': '', 'obj/b.jpg': '', 'obj/a.txt': LINE, 'obj/b.txt': LINE, 'obj/notes.txt': 'by me\n' },
    ...{ 'o.data': 'train = t.txt\nnames = n\n', 't.txt': 'obj/a.jpg\n', n: 'cat\n' },
  });
  expect((await read(join(folder, 'o.data'), 'train')).problems).toEqual([]);
});

test("reads LabelImg's labels with classes.txt among them, from the parent folder and from inside", async () => {
  const folder = await folderOf({ ...PHOTO, 'labels/classes.txt': 'cat\n' });
  for (const path of [folder, join(folder, 'labels')]) {
    const { dataset, problems } = await read(path);
    expect([dataset.annotations.count, problems]).toEqual([1, []]);
  }
});

test.for([
  ['annotations', 'images'],
  ['Annotations', 'JPEGImages'],
  ['labels', 'images'],
])('split folders that each hold %s and %s are Pascal VOC', async ([labels, images]) => {
  const files = ['train', 'valid'].flatMap((split) => [
    [`${split}/${labels}/a.xml`, XML],
    [`${split}/${images}/a.jpg`, ''],
  ]);
  const source = await openDataset(await folderOf(Object.fromEntries(files)));
  expect(source).toMatchObject({ format: 'voc', splits: ['train', 'val'] });
  expect(await source.read('val')).toMatchObject({ images: [{ fileName: 'a.jpg', width: 80, height: 60 }] });
});

test('leaves out and counts VOC images without XML; listed ones are background', async () => {
  const files = { 'Annotations/a.xml': XML, 'JPEGImages/a.jpg': '', 'JPEGImages/b.jpg': '' };
  const unlisted = await read(await folderOf(files));
  expect(unlisted.dataset.images).toHaveLength(1);
  expect(unlisted.problems).toMatchObject([{ kind: 'unannotated-images', count: 1 }]);
  const listed = await read(await folderOf({ ...files, 'ImageSets/Main/train.txt': 'a\nb\n' }), 'train');
  expect(listed.dataset.images.map(({ fileName }) => fileName)).toEqual(['a.jpg', 'b.jpg']);
  expect(listed.dataset.annotations.count).toBe(1);
});

test('a VOC object without a box gets the bounding box of its outline', async () => {
  const polygon = '<polygon><x1>5</x1><y1>6</y1><x2>20</x2><y2>6</y2><x3>9</x3><y3>30</y3></polygon>';
  const xml = XML.replace(/<bndbox>.*<\/bndbox>/, polygon);
  const { dataset } = await read(await folderOf({ 'Annotations/a.xml': xml, 'JPEGImages/a.jpg': '' }));
  expect([...dataset.annotations.boxes]).toEqual([4, 5, 16, 25]);
});

const IMAGE = { image: 'a.jpg' };
test.for([
  ['Label Studio', [{ id: 1, annotations: [{ result: [] }], data: {} }], 'export as COCO or YOLO'],
  ['detect --json', [{ ...IMAGE, width: 1, height: 1, detections: [] }], 'pass the label file'],
  ['COCO results', [{ image_id: 1, category_id: 1, bbox: [0, 0, 1, 1], score: 1 }], '--results'],
  ['CreateML', [{ ...IMAGE, annotations: [] }], 'export as COCO or YOLO'],
  ['labelme', { version: '5', shapes: [], imagePath: 'a.jpg' }, 'convert'],
  ['VIA', { _via_settings: {}, _via_img_metadata: {} }, 'export the annotations as COCO'],
  ['Supervisely', { size: { height: 1, width: 1 }, objects: [] }, 'export as COCO'],
  ['a list of objects with x', [{ x: 1 }], 'a COCO file is an object with images'],
] as const)('JSON of %s is named, with a remedy', async ([what, value, remedy]) => {
  const folder = await folderOf({ 'labels.json': JSON.stringify(value) });
  const error = await loadDataset(join(folder, 'labels.json')).catch((error: Error) => error);
  expect((error as Error).message).toContain(what);
  expect((error as Error).message).toContain(remedy);
  expect((error as Error).message).not.toContain('not JSON');
});

test.for([
  ['boxes.csv', 'ImageID,Source,LabelName,XMin\n', "Open Images' CSV"],
  ['boxes.csv', 'filename,width,height,class,xmin\n', 'a CSV of boxes'],
  ['train.tfrecord', 'x', "TensorFlow's TFRecord"],
] as const)('%s is named, on its own and in a folder', async ([name, contents, what]) => {
  const folder = await folderOf({ [name]: contents });
  await expect(openDataset(join(folder, name))).rejects.toThrow(what);
  await expect(openDataset(folder)).rejects.toThrow(what);
});

test('what is written as YOLO reads back whole; names are reported for images that would not', async () => {
  const files = ['a.jfif', 'b.jpe', 'c.JPG', 'd.bmp'];
  const folder = await folderOf({ 'images/a.jpg': '' });
  for (const file of files) await writePhoto(join(folder, 'images', file));
  const images = files.map((file, at) => ({ id: at + 1, file_name: file, width: 80, height: 60 }));
  const annotations = images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [1, 2, 30, 40] }));
  const coco = { images, annotations, categories: [{ id: 1, name: 'cat' }] };
  const data = await writeDeep(join(folder, 'coco.json'), JSON.stringify(coco));
  const problems: string[] = [];
  const written = await convertDataset(
    { data, to: 'yolo', out: join(folder, 'out') },
    {
      onEvent: (event) => {
        if (event.type === 'problem') problems.push(event.problem.place);
      },
    },
  );
  expect(problems).toEqual(['d.bmp']);
  expect(written.splits).toMatchObject([{ images: 3, annotations: 3 }]);
  const { dataset, problems: none } = await read(written.path, 'train');
  expect([dataset.images.length, dataset.annotations.count, none]).toEqual([3, 3, []]);
});

test.runIf(process.platform !== 'win32')(
  'a missing image with a colon in its path is named in full',
  async () => {
    const folder = await folderOf({
      'data.yaml': 'train: t.txt\nnames: [cat]\n',
      't.txt': 'day: night/a.jpg\n',
    });
    const { problems } = await read(folder, 'train');
    expect(problems[0]).toMatchObject({
      place: expect.stringMatching(/day: night.a\.jpg$/),
      message: expect.stringMatching(/^no such file/),
    });
  },
);
