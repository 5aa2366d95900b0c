import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { writeCoco } from '../../../src/datasets/formats/coco/write.ts';
import { loadDataset, openDataset } from '../../../src/datasets/open/description.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';
import { madeDataset } from '../made-dataset.ts';

const root = temporaryFolder();
const shipped = new URL('../../../datasets/', import.meta.url).pathname;
let count = 0;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A folder with the COCO files `data/train.json` and `data/val.json`, and a description. */
async function described(description: string) {
  const folder = join(root, String(count++));
  await mkdir(join(folder, 'data'), { recursive: true });
  for (const split of ['train', 'val']) await writeCoco(madeDataset(), join(folder, `data/${split}.json`));
  return { folder, path: await writeDeep(join(folder, 'made.yaml'), description) };
}

const SPLITS =
  'splits:\n  train: { annotations: train.json, images: photos }\n  val: { annotations: val.json }\n';
const COCO = `format: coco\npath: data\n${SPLITS}`;

test('paths are relative to the description', async () => {
  const { folder, path } = await described(COCO);
  const dataset = await loadDataset(path, { split: 'train' });
  expect(dataset.imageFolder).toBe(join(folder, 'data/photos'));
  expect(dataset.images).toHaveLength(20);
});

test('paths can start with MICRO_YOLO_DATA', async () => {
  const { folder } = await described(COCO);
  vi.stubEnv('MICRO_YOLO_DATA', folder);
  const path = await writeDeep(join(root, 'elsewhere/made.yaml'), COCO);
  expect((await loadDataset(path)).images).toHaveLength(20);
});

test('a COCO file has only the split that its name states', async () => {
  const { folder } = await described(COCO);
  const path = join(folder, 'data/train.json');
  expect((await loadDataset(path)).images).toHaveLength(20);
  await expect(loadDataset(path, { split: 'test' })).rejects.toThrow(
    `split "test": ${path} has train; name one, such as \`split: "train"\``,
  );
});

test('a missing data set is reported in one line', async () => {
  vi.stubEnv('MICRO_YOLO_DATA', '/no/data');
  const path = await writeDeep(join(root, 'absent/made.yaml'), COCO);
  await expect(loadDataset(path)).rejects.toThrow(
    `${path}: path data: no folder ${join(root, 'absent/data')} or /no/data/data; ` +
      'download the data set, and set MICRO_YOLO_DATA to the folder that contains it',
  );
});

test('joins the parts of a split', async () => {
  const { path } = await described(
    'format: coco\npath: data\nsplits:\n  all: [{ annotations: train.json }, { annotations: val.json }]\n',
  );
  expect((await loadDataset(path, { split: 'all' })).images).toHaveLength(40);
});

test('the folder of images can be given', async () => {
  const { path } = await described(COCO);
  expect((await loadDataset(path, { split: 'train', imageFolder: '/photos' })).imageFolder).toBe('/photos');
});

test('reads val if no split is given', async () => {
  const { folder, path } = await described(COCO);
  expect((await loadDataset(path)).imageFolder).toBe(join(folder, 'data'));
});

test('a folder with COCO files has splits', async () => {
  const { folder } = await described(COCO);
  expect(await openDataset(join(folder, 'data'))).toMatchObject({ format: 'coco', splits: ['train', 'val'] });
});

test.for([
  [
    "COCO's own layout",
    { 'annotations/instances_train2017.json': 'train2017', 'annotations/instances_val2017.json': 'val2017' },
  ],
  [
    'annotations beside a folder of images',
    { 'annotations/train.json': 'images', 'annotations/val.json': 'images' },
  ],
  ['images/SPLIT', { 'annotations/instances_train.json': 'images/train' }],
  [
    'a folder of images and labels for each split',
    { 'train/_annotations.coco.json': 'train', 'valid/_annotations.coco.json': 'valid' },
  ],
] as const)('%s is found in a folder', async ([title, files]) => {
  const folder = join(root, title);
  const expected = new Map<string, string>();
  for (const [file, images] of Object.entries(files)) {
    const coco = { images: [], annotations: [], categories: [{ id: 1, name: 'cat' }] };
    await writeDeep(join(folder, file), JSON.stringify(coco));
    await mkdir(join(folder, images), { recursive: true });
    expected.set(file.includes('train') ? 'train' : 'val', join(folder, images));
  }
  const source = await openDataset(folder);
  expect(source).toMatchObject({ format: 'coco', splits: [...expected.keys()] });
  for (const [split, images] of expected) expect((await source.read(split)).imageFolder).toBe(images);
});

test("distinguishes YOLO's description from ours", async () => {
  const path = await writeDeep(join(root, 'yolo/data.yaml'), 'train: images\nnames: [cat]\n');
  expect(await openDataset(path)).toMatchObject({ format: 'yolo', splits: ['train'] });
});

test("a file's classes can be synonyms of the description's, whose names they get", async () => {
  const { folder, path } = await described(`${COCO}classes: [sofa, cat, tvmonitor]\n`);
  const categories = [
    { id: 1, name: 'couch' },
    { id: 17, name: 'cat' },
    { id: 18, name: 'tv' },
  ];
  await writeCoco(madeDataset({ categories }), join(folder, 'data/val.json'));
  expect((await loadDataset(path)).categories).toEqual([
    { id: 1, name: 'sofa' },
    { id: 17, name: 'cat' },
    { id: 18, name: 'tvmonitor' },
  ]);
});

test('refuses two names of one class in a description', async () => {
  const { folder, path } = await described(`${COCO}classes: [sofa, dog]\n`);
  const categories = [
    { id: 1, name: 'couch' },
    { id: 17, name: 'sofa' },
    { id: 18, name: 'dog' },
  ];
  await writeCoco(madeDataset({ categories }), join(folder, 'data/val.json'));
  await expect(loadDataset(path)).rejects.toThrow(/class "couch" is not in the description/);
});

test.for([
  ['an unknown format', 'format: cocoa\npath: data\nsplits: {}\n', /format: /],
  ['an unknown key', `${COCO}colour: red\n`, /Unrecognized key: "colour"/],
  [
    'other classes than the files have',
    `${COCO}classes: [person, cat, dog, cow]\n`,
    /class "cow" is in the description but not in the file; fix/,
  ],
  [
    'fewer classes than the files have',
    `${COCO}classes: [person, cat]\n`,
    /class "dog" is not in the description/,
  ],
] as const)('%s is refused with one line', async ([, description, message]) => {
  const { path } = await described(description);
  await expect(loadDataset(path)).rejects.toThrow(message);
});

test('refuses a missing split and names the existing ones', async () => {
  const { path } = await described(COCO);
  await expect(loadDataset(path, { split: 'vall' })).rejects.toThrow(
    /split "vall": .* has train, val; did you mean val\?/,
  );
});

test('refuses a folder without a data set', async () => {
  const folder = join(root, 'nothing');
  await mkdir(folder);
  await expect(loadDataset(folder)).rejects.toThrow(
    `${folder}: no data set in this folder, expected train.json,`,
  );
});

test('refuses another kind of file', async () => {
  const path = await writeDeep(join(root, 'a.csv'), '');
  await expect(loadDataset(path)).rejects.toThrow(/a\.csv": is a CSV, expected a data set: \.json \(COCO\)/);
});

test.for((await readdir(shipped)).filter((name) => name.endsWith('.yaml')))(
  'datasets/%s is a valid description',
  async (name) => {
    const folder = join(root, `shipped-${name}`);
    const text = await readFile(join(shipped, name), 'utf8');
    const [, path] = /^path: (.*)$/m.exec(text)!;
    await mkdir(join(folder, path!), { recursive: true });
    expect((await openDataset(await writeDeep(join(folder, name), text))).splits).toContain('val');
  },
);

test('refuses two COCO files of one split; trainval is a separate split', async () => {
  const folder = temporaryFolder();
  const place = (name: string) => join(folder, `years/annotations/${name}.json`);
  await writeCoco(madeDataset(), await writeDeep(place('instances_trainval2017'), ''));
  await writeCoco(madeDataset(), place('instances_val2014'));
  expect((await openDataset(join(folder, 'years'))).splits).toEqual(['val', 'instances_trainval2017']);
  await writeCoco(madeDataset(), place('instances_val2017'));
  await expect(openDataset(join(folder, 'years'))).rejects.toThrow(
    /instances_val2014\.json and .*instances_val2017\.json: both are split val, expected one;/,
  );
});

describe('exported by other programs', () => {
  const coco = (fileName: string) =>
    JSON.stringify({
      images: [{ id: 1, file_name: fileName, width: 80, height: 60 }],
      annotations: [],
      categories: [{ id: 1, name: 'cat' }],
    });
  const xml = (name: string) => `<annotation><filename>a.jpg</filename>
    <size><width>80</width><height>60</height><depth>3</depth></size>
    <object><name>${name}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object>
  </annotation>`;

  test('CVAT: a .data file with paths that begin with a folder that the archive lacks', async () => {
    const folder = join(root, 'cvat');
    await writePhoto(join(folder, 'obj_train_data/a.jpg'));
    await writeDeep(join(folder, 'obj_train_data/a.txt'), '0 0.5 0.5 0.5 0.5\n');
    await writeDeep(join(folder, 'obj.names'), 'cat\n');
    await writeDeep(join(folder, 'train.txt'), 'data/obj_train_data/a.jpg\n');
    await writeDeep(
      join(folder, 'obj.data'),
      'classes = 1\ntrain = data/train.txt\nnames = data/obj.names\n',
    );
    const source = await openDataset(folder);
    expect(source).toMatchObject({ format: 'darknet', splits: ['train'] });
    expect((await source.read('train')).annotations.count).toBe(1);
  });

  test.each(['images/a.jpg', 'images\\a.jpg'])('Label Studio: result.json names %s', async (fileName) => {
    const folder = temporaryFolder();
    await writePhoto(join(folder, 'images/b.jpg'));
    const { images, ...rest } = JSON.parse(coco(fileName));
    // The first image is missing.
    images.push({ ...images[0], id: 2, file_name: fileName.replace('a.', 'b.') });
    await writeDeep(join(folder, 'result.json'), JSON.stringify({ images, ...rest }));
    const dataset = await loadDataset(folder);
    expect(dataset.imageFolder).toBe(folder);
    expect(dataset.images[0]!.fileName).toBe('images/a.jpg');
  });

  test.each([
    ['Label Studio', 'images/a.jpg', 'labels/a.txt'],
    ['LabelImg', 'a.jpg', 'a.txt'],
  ])('%s: YOLO labels with classes.txt', async (_, image, labels) => {
    const folder = temporaryFolder();
    await writePhoto(join(folder, image));
    await writeDeep(join(folder, labels), '1 0.5 0.5 0.5 0.5\n');
    await writeDeep(join(folder, 'classes.txt'), 'dog\ncat\n');
    await writeDeep(join(folder, 'notes.json'), '{"categories": []}');
    const source = await openDataset(folder);
    expect(source).toMatchObject({ format: 'yolo', splits: ['all'] });
    const { images, categories, annotations } = await source.read('all');
    expect(images.map(({ fileName }) => fileName)).toEqual(['a.jpg']);
    expect(categories[annotations.categories[0]!]).toEqual({ id: 1, name: 'cat' });
  });

  test('a single file of any name in annotations', async () => {
    const folder = join(root, 'lone');
    await writePhoto(join(folder, 'images/a.jpg'));
    await writeDeep(join(folder, 'annotations/cats.json'), coco('a.jpg'));
    expect((await loadDataset(folder)).imageFolder).toBe(join(folder, 'images'));
  });

  test('Roboflow: Pascal VOC next to the images of each split', async () => {
    const folder = join(root, 'roboflow-voc');
    for (const [split, name] of [
      ['train', 'ant'],
      ['valid', 'bee'],
    ] as const) {
      await writePhoto(join(folder, split, 'a.jpg'));
      await writeDeep(join(folder, split, 'a.xml'), xml(name));
    }
    const source = await openDataset(folder);
    expect(source).toMatchObject({ format: 'voc', splits: ['train', 'val'] });
    const val = await source.read('val');
    expect(val).toMatchObject({ imageFolder: join(folder, 'valid'), images: [{ fileName: 'a.jpg' }] });
    // A class has the same id in each split.
    expect(val.categories).toEqual([
      { id: 1, name: 'ant' },
      { id: 2, name: 'bee' },
    ]);
    expect(await source.read('valid')).toEqual(expect.objectContaining({ images: val.images }));
  });

  test('a stray file changes nothing: JSON next to Pascal VOC, XML next to class folders', async () => {
    const voc = join(root, 'voc-and-json');
    await writePhoto(join(voc, 'JPEGImages/a.jpg'));
    await writeDeep(join(voc, 'Annotations/a.xml'), xml('ant'));
    await writeDeep(join(voc, 'Annotations/classes.json'), '{"images": []}');
    expect(await openDataset(voc)).toMatchObject({ format: 'voc' });
    const classes = join(root, 'classes-and-xml');
    await writePhoto(join(classes, 'train/cat/a.jpg'));
    await writeDeep(join(classes, 'train/x.xml'), xml('ant'));
    expect(await openDataset(classes)).toMatchObject({ format: 'image-folder' });
  });

  test('of files with any name, only the one with images is data', async () => {
    const folder = join(root, 'notes');
    await writeDeep(join(folder, 'notes.json'), '{"categories": []}');
    await mkdir(join(folder, 'folder.json'));
    await expect(openDataset(folder)).rejects.toThrow('no data set in this folder');
    await writeDeep(join(folder, 'labels.json'), coco('a.jpg'));
    expect(await openDataset(folder)).toMatchObject({ format: 'coco', files: [join(folder, 'labels.json')] });
  });

  test('YOLO: a description with another name, whose images are not a class', async () => {
    const folder = join(root, 'yolo-custom');
    await writePhoto(join(folder, 'train/images/a.jpg'));
    await writeDeep(join(folder, 'train/labels/a.txt'), '0 0.5 0.5 0.5 0.5\n');
    await expect(openDataset(folder)).rejects.toThrow('no data set in this folder');
    await writeDeep(join(folder, 'custom.yaml'), 'train: train/images\nnames: [cat]\n');
    const source = await openDataset(folder);
    expect(source).toMatchObject({ format: 'yolo', splits: ['train'] });
    expect((await source.read('train')).annotations.count).toBe(1);
  });

  test.each([
    ['train.json', 'valid.json'],
    ['train.json', 'validation.json'],
    ['annotations/train.json', 'annotations/valid.json'],
    ['train/_annotations.coco.json', 'validation/_annotations.coco.json'],
  ])('COCO: %s and %s are train and val', async (...names) => {
    const folder = join(temporaryFolder(), 'named');
    for (const name of names) await writeCoco(madeDataset(), await writeDeep(join(folder, name), ''));
    expect((await openDataset(folder)).splits).toEqual(['train', 'val']);
  });

  test('folders of images: valid is val', async () => {
    const folder = join(root, 'flowers');
    for (const split of ['train', 'valid']) await writePhoto(join(folder, split, 'rose', 'a.jpg'));
    const source = await openDataset(folder);
    expect(source).toMatchObject({ format: 'image-folder', splits: ['train', 'val'] });
    expect((await source.read('val')).images).toHaveLength(1);
  });
});
