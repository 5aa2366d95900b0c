import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCoco } from '../../../../src/datasets/formats/coco/read.ts';
import type { DatasetProblem } from '../../../../src/datasets/problems.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../../temporary-files.ts';

const folder = temporaryFolder();
let count = 0;

/** Writes a separate file for each test. */
const write = (contents: unknown) =>
  writeDeep(
    join(folder, `${count++}/val.json`),
    typeof contents === 'string' || contents instanceof Uint8Array ? contents : JSON.stringify(contents),
  );

const image = { id: 7, file_name: 'dog.jpg', width: 80, height: 60 };
const category = { id: 90, name: 'toothbrush' };
const annotation = { id: 5, image_id: 7, category_id: 90, bbox: [1, 2, 30, 40] };
const coco = (change: object = {}) => ({
  images: [image],
  categories: [category],
  annotations: [annotation],
  ...change,
});
const withAnnotation = (change: object) => coco({ annotations: [{ ...annotation, ...change }] });

/** The error from reading it, without the folder. */
async function refusal(contents: unknown): Promise<string> {
  const path = await write(contents);
  const error = await readCoco(path).catch((error: Error) => error);
  return error instanceof Error
    ? error.message.replace(path, 'val.json').replace(join(path, '../'), '')
    : 'read without error';
}

async function readLeniently(contents: unknown) {
  const problems: DatasetProblem[] = [];
  const dataset = await readCoco(await write(contents), { onProblem: (problem) => problems.push(problem) });
  return { dataset, kinds: problems.map(({ kind }) => kind) };
}

test('categories can have any ids', async () => {
  const { categories, annotations } = await readCoco(
    await write(coco({ categories: [{ id: 1000, name: 'cat' }, category] })),
  );
  expect(categories.map(({ id }) => id)).toEqual([1000, 90]);
  expect([...annotations.categories]).toEqual([1]);
});

test('a missing iscrowd means no crowd', async () => {
  const { annotations } = await readCoco(await write(coco()));
  expect([...annotations.crowd]).toEqual([0]);
});

test('a missing area is that of the box', async () => {
  const { annotations } = await readCoco(await write(coco()));
  expect([...annotations.areas]).toEqual([1200]);
});

test('takes area and iscrowd from the file', async () => {
  const { annotations } = await readCoco(await write(withAnnotation({ area: 12.5, iscrowd: 1 })));
  expect([annotations.areas[0], annotations.crowd[0]]).toEqual([12.5, 1]);
});

test('keeps other keys', async () => {
  const dataset = await readCoco(
    await write(
      coco({
        info: { year: 2017 },
        images: [{ ...image, license: 3 }],
        categories: [{ ...category, supercategory: 'indoor' }],
        annotations: [{ ...annotation, segmentation: [[1, 2, 3, 4, 5, 6]] }],
      }),
    ),
  );
  expect(dataset.extra).toEqual({ info: { year: 2017 } });
  expect(dataset.images[0]?.extra).toEqual({ license: 3 });
  expect(dataset.categories[0]?.extra).toEqual({ supercategory: 'indoor' });
  expect(dataset.annotations.extraOf(0)).toEqual({ segmentation: [[1, 2, 3, 4, 5, 6]] });
});

test('annotations can come before images', async () => {
  const { images, categories, annotations } = coco();
  const dataset = await readCoco(await write({ annotations, categories, images }));
  expect([...dataset.annotations.boxes]).toEqual([1, 2, 30, 40]);
});

test('a file without annotations has none', async () => {
  const { images, categories } = coco();
  expect((await readCoco(await write({ images, categories }))).annotations.count).toBe(0);
});

test('keeps the order of more annotations than fit a slice', async () => {
  const annotations = Array.from({ length: 2500 }, (_, id) => ({ ...annotation, id, note: `n${id}` }));
  const dataset = await readCoco(await write(coco({ annotations })));
  expect([...dataset.annotations.ids]).toEqual(annotations.map(({ id }) => id));
  expect(dataset.annotations.extraOf(2100)).toEqual({ note: 'n2100' });
  expect([dataset.annotations.mayHave('note'), dataset.annotations.mayHave('difficult')]).toEqual([
    true,
    false,
  ]);
});

test('ignores a byte order mark', async () => {
  const bytes = new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from(JSON.stringify(coco()))]);
  expect((await readCoco(await write(bytes))).images).toHaveLength(1);
});

test('finds images in the folder named like the file', async () => {
  const path = await write(coco());
  await mkdir(join(path, '../val'));
  await mkdir(join(path, '../images'));
  expect((await readCoco(path)).imageFolder).toBe(join(path, '../val'));
});

test("finds images in COCO's own layout", async () => {
  const path = await writeDeep(
    join(folder, 'official/annotations/instances_val2017.json'),
    JSON.stringify(coco()),
  );
  await mkdir(join(folder, 'official/val2017'));
  expect((await readCoco(path)).imageFolder).toBe(join(folder, 'official/val2017'));
});

test('finds images next to the file if there is no other folder', async () => {
  const path = await write(coco());
  expect((await readCoco(path)).imageFolder).toBe(join(path, '..'));
});

test('image names have forward slashes', async () => {
  const images = [{ ...image, file_name: 'a\\.\\dog.jpg' }];
  expect((await readCoco(await write(coco({ images })))).images[0]?.fileName).toBe('a/dog.jpg');
});

test('reads 100,000 categories', async () => {
  const categories = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `c${id}` }));
  expect((await readCoco(await write(coco({ categories })))).categories).toHaveLength(100_000);
});

test('keeps keys named __proto__ as keys', async () => {
  const text = JSON.stringify(
    coco({ info: 0, annotations: [{ ...annotation, info: 0 }], images: [{ ...image, info: 0 }] }),
  ).replaceAll('"info":0', '"__proto__":{"polluted":true}');
  const { extra, images, annotations } = await readCoco(await write(text));
  for (const kept of [extra, images[0]!.extra!, annotations.extraOf(0)]) {
    expect(Object.keys(kept)).toEqual(['__proto__']);
    expect('polluted' in kept).toBe(false);
  }
});

const check = '; run "micro-yolo dataset check"';
test.for([
  [
    'an image record of nothing',
    coco({ images: [null] }),
    /^val\.json: images\[0\]: null, expected an object/,
  ],
  [
    'an image without a size',
    coco({ images: [{ id: 7, file_name: 'dog.jpg' }] }),
    /^dog\.jpg: its record states no width and height; no such file.*; it is left out with its annotations; run/,
  ],
  [
    'an image without a name',
    coco({ images: [{ ...image, file_name: '' }] }),
    `val.json: images[0]: file_name "", expected an image name${check}`,
  ],
  [
    'an image outside the folder',
    coco({ images: [{ ...image, file_name: '../../etc/passwd' }] }),
    `val.json: images[0]: file_name "../../etc/passwd" is outside the image folder${check}`,
  ],
  [
    'an image outside the folder by backslashes',
    coco({ images: [{ ...image, file_name: 'a\\..\\..\\secret.jpg' }] }),
    /images\[0\]: file_name .* is outside the image folder/,
  ],
  [
    'an image at the root of the disk',
    coco({ images: [{ ...image, file_name: '/etc/passwd' }] }),
    /images\[0\]: file_name "\/etc\/passwd" is outside/,
  ],
  [
    'an image on another drive',
    coco({ images: [{ ...image, file_name: 'C:\\a.jpg' }] }),
    /images\[0\]: file_name .* is outside/,
  ],
  [
    'two images of one id',
    coco({ images: [image, { ...image, file_name: 'cat.jpg' }] }),
    `val.json: images[0]: id 7 of "dog.jpg" is also the id of "cat.jpg": their boxes may belong to either, so both are left out; give each its own id${check}`,
  ],
  [
    'a category of nothing',
    coco({ categories: [category, null] }),
    `val.json: categories[1]: null, expected an object with id and name${check}`,
  ],
  [
    'a category without a name',
    coco({ categories: [{ id: 90 }] }),
    `val.json: categories[0]: name missing, expected a class name${check}`,
  ],
  [
    'a null category id',
    withAnnotation({ category_id: null }),
    `val.json: annotations[0]: category_id null, expected one of the 1 ids of categories${check}`,
  ],
  [
    'an annotation of a missing image',
    withAnnotation({ image_id: 8 }),
    `val.json: annotations[0]: image_id 8, expected the id of an image${check}`,
  ],
  [
    'a box of three numbers',
    withAnnotation({ bbox: [1, 2, 3] }),
    `val.json: annotations[0]: bbox [1,2,3], expected four numbers (left, top, width, height)${check}`,
  ],
  [
    'a box of negative size',
    withAnnotation({ bbox: [1, 2, -3, 4] }),
    `val.json: annotations[0]: bbox [1,2,-3,4], expected a width and height of at least 0${check}`,
  ],
  [
    'an infinite box',
    JSON.stringify(coco()).replace('30', '1e999'),
    /^val\.json: annotations\[0\]: bbox .*, expected four numbers/,
  ],
  [
    'NaN',
    JSON.stringify(coco()).replace('30', 'NaN'),
    `val.json: annotations[0]: bbox [1,2,NaN,40], expected four numbers (left, top, width, height)${check}`,
  ],
  [
    'a negative area',
    withAnnotation({ area: -1 }),
    `val.json: annotations[0]: area -1, expected at least 0${check}`,
  ],
  [
    'an odd iscrowd',
    withAnnotation({ iscrowd: 2 }),
    `val.json: annotations[0]: iscrowd 2, expected 0 or 1${check}`,
  ],
  [
    'two categories of one id',
    coco({ categories: [category, { ...category, name: 'comb' }] }),
    /^val\.json: categories\[0\]: id 90 of "toothbrush" is also the id of "comb": .* left out/,
  ],
  [
    'an image id beyond 2^53',
    JSON.stringify(coco()).replaceAll('7', '9007199254740993'),
    `val.json: images[0]: id 9007199254740992 is beyond 2^53: precision is lost, so ids could merge; write smaller numbers, or text${check}`,
  ],
  [
    'a truncated file',
    JSON.stringify(coco()).slice(0, -30),
    /^val\.json: truncated after \d+ bytes, inside annotations\[0\]; download or export it again$/,
  ],
  [
    'a file of another kind',
    { detections: [] },
    'val.json: has no "images", expected a COCO file of annotations; check the path',
  ],
  [
    'a file that is not UTF-8',
    new Uint8Array([0x7b, 0xff, 0x7d]),
    'val.json: not UTF-8 text, expected a COCO file of annotations; save it as UTF-8',
  ],
] as const)('%s is refused with one line', async ([, contents, message]) => {
  const said = await refusal(contents);
  expect(said).not.toContain('\n');
  if (typeof message === 'string') expect(said).toBe(message);
  else expect(said).toMatch(message);
});

test('reports bad records and leaves them out if there is a listener', async () => {
  const { dataset, kinds } = await readLeniently(
    coco({
      images: [image, null, { ...image, id: 8, file_name: '../a.jpg' }],
      categories: [category, {}],
      annotations: [
        { ...annotation, id: 1, image_id: 8 },
        { ...annotation, id: 2, bbox: null },
        { ...annotation, id: 3, category_id: 1 },
        { ...annotation, id: 4, note: 'good' },
        { ...annotation, id: 5, iscrowd: 'x' },
      ],
    }),
  );
  expect(kinds).toEqual([
    'bad-image-record',
    'unsafe-path',
    'bad-category',
    'missing-image-record',
    'bad-box',
    'unknown-category',
    'bad-annotation',
  ]);
  expect([...dataset.annotations.ids]).toEqual([4]);
  expect(dataset.annotations.extraOf(0)).toEqual({ note: 'good' });
});

test('an invalid element does not hide its neighbors', async () => {
  const annotations = [1, 2, 3].map((id) => ({ ...annotation, id }));
  const text = JSON.stringify(coco({ annotations })).replace('"id":2', '"id":two');
  const { dataset, kinds } = await readLeniently(text);
  expect(kinds).toEqual(['bad-annotation']);
  expect([...dataset.annotations.ids]).toEqual([1, 3]);
});

test('reports a box without area and keeps it', async () => {
  const { dataset, kinds } = await readLeniently(withAnnotation({ bbox: [1, 2, 3, 0] }));
  expect(kinds).toEqual(['empty-box']);
  expect(dataset.annotations.count).toBe(1);
});

test('a box without area is not an error', async () => {
  expect((await readCoco(await write(withAnnotation({ bbox: [1, 2, 0, 0] })))).annotations.count).toBe(1);
});

test('keeps annotations with any ids', async () => {
  const ids = [3, 3, undefined, '9', 'a', 0, 1.5, null, 2 ** 60];
  const annotations = ids.map((id) => ({ ...annotation, id }));
  const { dataset, kinds } = await readLeniently(coco({ annotations }));
  expect([...dataset.annotations.ids]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(kinds).toEqual(['annotation-id', 'number-as-text']);
  expect((await readCoco(await write(coco({ annotations })))).annotations.count).toBe(9);
});

test('reads numbers in quotes and reports them once per file', async () => {
  const quoted = {
    id: '5',
    image_id: '7',
    category_id: '90',
    bbox: ['1', '2', '30.5', '40'],
    area: '9',
    iscrowd: '1',
  };
  const { dataset, kinds } = await readLeniently(coco({ annotations: [quoted, { ...quoted, id: '6' }] }));
  const { ids, boxes, areas, crowd } = dataset.annotations;
  expect([[...ids], [...boxes].slice(0, 4), areas[0], crowd[0]]).toEqual([[5, 6], [1, 2, 30.5, 40], 9, 1]);
  expect(kinds).toEqual(['number-as-text']);
});

test('image and category ids in quotes match the numbers of annotations', async () => {
  const { dataset, kinds } = await readLeniently(
    coco({
      images: [{ ...image, id: '7', width: '80', height: '60' }],
      categories: [{ ...category, id: '90' }],
    }),
  );
  expect(dataset.images).toEqual([{ id: 7, fileName: 'dog.jpg', width: 80, height: 60 }]);
  expect([dataset.annotations.count, dataset.categories[0]?.id, kinds]).toEqual([1, 90, ['number-as-text']]);
});

test('numbers text ids, and annotations find them', async () => {
  const images = [
    { ...image, id: 'b7' },
    { ...image, id: 1, file_name: 'cat.jpg' },
    { ...image, id: '007', file_name: 'c.jpg' },
  ];
  const annotations = ['007', 1, 'b7'].map((image_id, at) => ({ ...annotation, id: at + 1, image_id }));
  const { dataset, kinds } = await readLeniently(coco({ images, annotations }));
  expect(dataset.images.map(({ id }) => id)).toEqual([2, 1, 3]);
  expect([...dataset.annotations.images]).toEqual([2, 1, 0]);
  expect(kinds).toEqual(['text-id']);
});

test('NaN in unused fields loses nothing', async () => {
  const text = JSON.stringify(
    coco({
      info: { version: 0.5 },
      images: [{ ...image, score: 0.5 }],
      categories: [{ ...category, weight: 0.5 }],
      annotations: [{ ...annotation, attributes: { confidence: 0.5 } }],
    }),
  ).replaceAll('0.5', 'NaN');
  const { dataset, kinds } = await readLeniently(text);
  expect(kinds).toEqual(['not-a-number']);
  expect(dataset.annotations.extraOf(0)).toEqual({ attributes: { confidence: Number.NaN } });
  expect([dataset.extra, dataset.images[0]?.extra]).toEqual([
    { info: { version: Number.NaN } },
    { score: Number.NaN },
  ]);
});

test('reports an invalid area and keeps the box with its own area', async () => {
  const text = JSON.stringify(withAnnotation({ area: 0.5 })).replace('0.5', 'NaN');
  const { dataset, kinds } = await readLeniently(text);
  expect([[...dataset.annotations.areas], kinds]).toEqual([[1200], ['bad-area', 'not-a-number']]);
});

test('an iscrowd of null means no crowd', async () => {
  const { annotations } = await readCoco(await write(withAnnotation({ iscrowd: null, area: null })));
  expect([annotations.crowd[0], annotations.areas[0]]).toEqual([0, 1200]);
});

test('drops images of one id and different files with their boxes, and keeps the others', async () => {
  const { dataset, kinds } = await readLeniently(
    coco({
      images: [image, { ...image, file_name: 'cat.jpg' }, { ...image, id: 8, file_name: 'cow.jpg' }],
      annotations: [annotation, { ...annotation, id: 6, image_id: 8 }],
    }),
  );
  expect(dataset.images.map(({ fileName }) => fileName)).toEqual(['cow.jpg']);
  expect([...dataset.annotations.ids]).toEqual([6]);
  expect(kinds).toEqual(['duplicate-id', 'duplicate-id', 'missing-image-record']);
});

test('drops images of one id and file but different sizes, with their boxes', async () => {
  const { dataset } = await readLeniently(coco({ images: [image, { ...image, width: 160 }] }));
  expect([dataset.images, dataset.annotations.count]).toEqual([[], 0]);
});

test('drops an image that shares its id with an invalid record, with its boxes', async () => {
  const { dataset } = await readLeniently(coco({ images: [image, { ...image, file_name: '../cat.jpg' }] }));
  expect([dataset.images, dataset.annotations.count]).toEqual([[], 0]);
});

test('reads an image or a category that is listed twice once', async () => {
  const { dataset, kinds } = await readLeniently(
    coco({ images: [image, { ...image, license: 1 }], categories: [category, category] }),
  );
  expect([dataset.images.length, dataset.categories.length, dataset.annotations.count]).toEqual([1, 1, 1]);
  expect(kinds).toEqual(['repeated-record', 'repeated-record']);
});

test('drops categories of one id and different names with their boxes', async () => {
  const { dataset, kinds } = await readLeniently(
    coco({ categories: [category, { ...category, name: 'comb' }] }),
  );
  expect([dataset.categories, dataset.annotations.count]).toEqual([[], 0]);
  expect(kinds).toEqual(['ambiguous-category', 'ambiguous-category', 'unknown-category']);
});

test('an outline without a box gets its bounding box', async () => {
  const outlined = {
    ...annotation,
    bbox: undefined,
    segmentation: [
      [10, 20, 40, 20, 40, 50],
      [5, 30, 8, 30, 8, 70],
    ],
  };
  const { dataset, kinds } = await readLeniently(coco({ annotations: [outlined] }));
  expect([...dataset.annotations.boxes]).toEqual([5, 20, 35, 50]);
  expect([dataset.annotations.areas[0], kinds]).toEqual([1750, ['box-from-outline']]);
  expect(dataset.annotations.extraOf(0)).toEqual({ segmentation: outlined.segmentation });
});

test('leaves out an annotation with neither box nor outline', async () => {
  expect((await readLeniently(withAnnotation({ bbox: null, segmentation: [] }))).kinds).toEqual(['bad-box']);
});

test('takes a missing image size from the file, upright', async () => {
  const path = await write(coco({ images: [{ id: 7, file_name: 'dog.jpg', height: 60 }] }));
  await writePhoto(join(path, '../dog.jpg'), { width: 90, height: 40, orientation: 6 });
  expect((await readCoco(path)).images).toEqual([{ id: 7, fileName: 'dog.jpg', width: 40, height: 90 }]);
});

test('leaves out an image without size and file, with one report', async () => {
  const { dataset, kinds } = await readLeniently(coco({ images: [{ id: 7, file_name: 'gone.jpg' }] }));
  expect([dataset.images, dataset.annotations.count, kinds]).toEqual([[], 0, ['missing-image-file']]);
});

test('comparing boxes alone needs no sizes', async () => {
  const path = await write(coco({ images: [{ id: 7, file_name: 'gone.jpg' }] }));
  const { images, annotations } = await readCoco(path, { imageSizes: 'stated' });
  expect([images[0]?.width, annotations.count]).toEqual([0, 1]);
});

test("finds an image without file_name by the name in COCO's URL", async () => {
  const { file_name: _, ...unnamed } = image;
  const coco_url = 'http://images.cocodataset.org/val2017/two%20dogs.jpg';
  const { images, annotations } = await readCoco(await write(coco({ images: [{ ...unnamed, coco_url }] })));
  expect([images[0]?.fileName, annotations.count]).toEqual(['two dogs.jpg', 1]);
  expect(images[0]?.extra).toEqual({ coco_url });
});

test.for(['', 'dogs', 'http://example.com/', 7])('%o is not the URL of an image', async (coco_url) => {
  const { file_name: _, ...unnamed } = image;
  expect(await refusal(coco({ images: [{ ...unnamed, coco_url }] }))).toMatch(/images\[0\]: file_name/);
});

test('a class named by a number keeps its boxes', async () => {
  const categories = [{ ...category, name: 7 }];
  const { categories: read, annotations } = await readCoco(await write(coco({ categories })));
  expect([read[0]?.name, annotations.count]).toEqual(['7', 1]);
});

test.runIf(process.platform !== 'win32')('names a Windows drive as the cause', async () => {
  const message = await refusal(coco({ images: [{ ...image, file_name: 'D:\\photos\\a.jpg' }] }));
  expect(message).toContain('D: is a Windows drive');
});

test.for([
  [{ annotations: {} }, '"annotations" is an object'],
  [{ annotations: null }, '"annotations" is null'],
  [{ images: 'none' }, '"images" is text'],
  [{ categories: 3 }, '"categories" is a number'],
] as const)('%o is reported as what it is', async ([change, says]) => {
  expect(await refusal(coco(change))).toContain(`${says}, expected a list`);
});
