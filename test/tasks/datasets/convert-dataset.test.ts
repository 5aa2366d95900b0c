import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { writeCoco } from '../../../src/datasets/formats/coco/write.ts';
import { DATASET_FORMATS, type DatasetFormat } from '../../../src/datasets/formats/registry.ts';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { convertDataset } from '../../../src/tasks/datasets/convert-dataset.ts';
import type { WriteDatasetEvent } from '../../../src/tasks/datasets/write-dataset.ts';
import { describeWithData } from '../../data-folder.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

const root = temporaryFolder();
let count = 0;
const fresh = () => join(root, String(count++));

/** A COCO folder with one split and its photos. */
async function cocoFolder(dataset: Dataset = madeDataset(), photos = true): Promise<string> {
  const folder = fresh();
  await mkdir(folder);
  await writeCoco(dataset, join(folder, 'val.json'));
  if (photos) {
    for (const { fileName, width, height } of dataset.images) {
      await writePhoto(join(folder, 'val', fileName), { width, height });
    }
  }
  return folder;
}

/** Boxes with the names of their image and class, in order, without crowds: only COCO has these. */
function boxes({ images, categories, annotations }: Dataset) {
  const rows = Array.from({ length: annotations.count }, (_, row) => ({
    image: images[annotations.images[row]!]!.fileName,
    category: categories[annotations.categories[row]!]!.name,
    box: [...annotations.boxes.subarray(row * 4, row * 4 + 4)],
    crowd: annotations.crowd[row],
  })).filter(({ crowd }) => crowd === 0);
  const key = (row: (typeof rows)[number]) => JSON.stringify(row);
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The path to open a data set that was converted into a folder. */
const opened = (out: string, to: DatasetFormat) =>
  ({ coco: out, voc: out, yolo: join(out, 'data.yaml'), darknet: join(out, 'dataset.data') })[to];

test.for(DATASET_FORMATS)('boxes are identical after a conversion to %s', async (to) => {
  const input = await cocoFolder();
  const out = fresh();
  await convertDataset({ data: input, out, to });
  expect(boxes(await loadDataset(opened(out, to), { split: 'val' }))).toEqual(boxes(madeDataset()));
});

test.for(DATASET_FORMATS)('images without objects survive a conversion to %s', async (to) => {
  const out = fresh();
  await convertDataset({ data: await cocoFolder(), out, to });
  expect((await loadDataset(opened(out, to), { split: 'val' })).images).toHaveLength(20);
});

test.for(DATASET_FORMATS)('the images are where the %s reader looks', async (to) => {
  const out = fresh();
  await convertDataset({ data: await cocoFolder(), out, to });
  const { imageFolder, images } = await loadDataset(opened(out, to), { split: 'val' });
  expect((await stat(join(imageFolder, images[0]!.fileName))).isFile()).toBe(true);
});

test.for(['yolo', 'darknet'] as const)(
  'a split with another name becomes training data in %s',
  async (to) => {
    const out = fresh();
    const input = await cocoFolder(madeDataset(), false);
    await writeCoco(madeDataset(), join(input, 'cats.json'));
    await convertDataset({
      data: join(input, 'cats.json'),
      out,
      to,
      imageFolder: join(await cocoFolder(), 'val'),
    });
    expect((await loadDataset(opened(out, to), { split: 'train' })).images).toHaveLength(20);
  },
);

test.for(DATASET_FORMATS)('names with folders and spaces survive a conversion to %s', async (to) => {
  const names = ['images/a.jpg', 'images/dog 7.jpg', 'JPEGImages/c 1.jpg'];
  const images = madeDataset().images.map((image, place) => ({
    ...image,
    fileName: names[place] ?? image.fileName,
  }));
  const out = fresh();
  await convertDataset({ data: await cocoFolder(madeDataset({ images })), out, to });
  const read = await loadDataset(opened(out, to), { split: 'val' });
  const bare = (dataset: Dataset) =>
    boxes(dataset)
      .map(({ category, box }) => `${category} ${box}`)
      .sort();
  expect(bare(read)).toEqual(bare(madeDataset()));
});

test.for(['yolo', 'darknet'] as const)('%s refuses a second training split next to train', async (to) => {
  const input = await cocoFolder(madeDataset(), false);
  for (const split of ['train', 'holdout']) {
    await writeCoco(madeDataset(), join(input, `${split}.json`));
  }
  const description = await writeDeep(
    join(input, 'set.yaml'),
    'format: coco\npath: .\nsplits:\n  train: { annotations: train.json }\n  holdout: { annotations: holdout.json }\n',
  );
  const out = fresh();
  await expect(convertDataset({ data: description, out, to, transfer: 'none' })).rejects.toThrow(
    /split "holdout": the format has only train, val and test, and "train" is already train/,
  );
  await expect(stat(out)).rejects.toThrow();
});

test.for(['coco', 'voc'] as const)(
  '%s refuses a split that is not read from a folder next to others',
  async (to) => {
    const input = await cocoFolder(madeDataset(), false);
    const description = await writeDeep(
      join(input, 'set.yaml'),
      'format: coco\npath: .\nsplits:\n  val: { annotations: val.json }\n  minival: { annotations: val.json }\n',
    );
    const out = fresh();
    await expect(convertDataset({ data: description, out, to, transfer: 'none' })).rejects.toThrow(
      /split "minival": in a folder with several splits, only train, .* are read; convert one split at a time/,
    );
    await expect(stat(out)).rejects.toThrow();
  },
);

test('quotes names that YAML 1.1 would convert', async () => {
  const categories = ['no', '12:30'].map((name, index) => ({ id: index + 1, name }));
  const out = fresh();
  const box = { id: 1, image: 0, category: 1, box: [0, 0, 9, 9] as const, area: 81, crowd: false };
  const annotations = annotationTable([box]);
  const input = await cocoFolder(madeDataset({ categories, annotations }), false);
  await convertDataset({ data: input, out, to: 'yolo', transfer: 'none' });
  expect(await readFile(join(out, 'data.yaml'), 'utf8')).toContain('0: "no"\n  1: "12:30"');
});

test('COCO to COCO changes nothing', async () => {
  const input = await cocoFolder(madeDataset({ extra: { info: { year: 2017 } } }));
  const out = fresh();
  const { losses } = await convertDataset({ data: input, out, to: 'coco' });
  expect(losses).toEqual([]);
  expect(await readFile(join(out, 'val.json'), 'utf8')).toBe(await readFile(join(input, 'val.json'), 'utf8'));
});

test('counts what YOLO cannot represent', async () => {
  const { losses } = await convertDataset({ data: await cocoFolder(), out: fresh(), to: 'yolo' });
  expect(losses).toEqual([
    "note, area (becomes the box's), id of 14 annotations",
    'id of 20 images',
    '1 box of crowds, left out',
    'category ids become 0–2',
  ]);
});

test('VOC keeps its own fields', async () => {
  const image = { id: 1, fileName: 'a.jpg', width: 80, height: 60, extra: { depth: 3, segmented: 1 } };
  const extra = { pose: 'Left', truncated: 1, difficult: 1, part: { name: 'head <&>' } };
  const row = { id: 1, image: 0, category: 0, box: [1, 2, 3, 4] as const, area: 12, crowd: false, extra };
  const dataset = madeDataset({
    images: [image],
    categories: [{ id: 1, name: 'salt & pepper' }],
    annotations: annotationTable([row]),
  });
  const out = fresh();
  const { losses } = await convertDataset({ data: await cocoFolder(dataset), out, to: 'voc' });
  const { images, categories, annotations } = await loadDataset(out);
  expect(losses).toEqual([]);
  expect(annotations.extraOf(0)).toEqual(extra);
  expect(categories[0]?.name).toBe('salt & pepper');
  expect(images[0]?.extra).toEqual({ folder: 'JPEGImages', depth: 3, segmented: 1 });
});

test('zero-based VOC boxes are read back as such', async () => {
  const out = fresh();
  await convertDataset({ data: await cocoFolder(), out, to: 'voc', vocBoxes: 'zero-based' });
  expect(boxes(await loadDataset(out, { vocBoxes: 'zero-based' }))).toEqual(boxes(madeDataset()));
});

test('clips a box beyond its image for YOLO, and counts it', async () => {
  const row = { id: 1, image: 0, category: 0, box: [70, 5, 30, 10] as const, area: 300, crowd: false };
  const out = fresh();
  const input = await cocoFolder(madeDataset({ annotations: annotationTable([row]) }));
  const { losses } = await convertDataset({ data: input, out, to: 'yolo' });
  expect(losses).toContain('the parts of 1 box outside their images');
  expect([...(await loadDataset(opened(out, 'yolo'))).annotations.boxes]).toEqual([70, 5, 10, 10]);
});

test('an empty box survives YOLO', async () => {
  const row = { id: 1, image: 0, category: 0, box: [7, 5, 0, 10] as const, area: 0, crowd: false };
  const out = fresh();
  const input = await cocoFolder(madeDataset({ annotations: annotationTable([row]) }));
  await convertDataset({ data: input, out, to: 'yolo' });
  expect([...(await loadDataset(opened(out, 'yolo'))).annotations.boxes]).toEqual([7, 5, 0, 10]);
});

test('hard-links images by default', async () => {
  const input = await cocoFolder();
  const out = fresh();
  await convertDataset({ data: input, out });
  expect((await stat(join(out, 'val/a.jpg'))).ino).toBe((await stat(join(input, 'val/a.jpg'))).ino);
});

test('copies images on request', async () => {
  const input = await cocoFolder();
  const out = fresh();
  await convertDataset({ data: input, out, transfer: 'copy' });
  expect((await stat(join(out, 'val/a.jpg'))).ino).not.toBe((await stat(join(input, 'val/a.jpg'))).ino);
});

test('omits images on request', async () => {
  const out = fresh();
  await convertDataset({ data: await cocoFolder(), out, transfer: 'none' });
  expect((await readdir(out)).sort()).toEqual(['conversion.json', 'val.json']);
});

test('follows a linked image', async () => {
  const input = await cocoFolder();
  await writePhoto(join(input, 'real.jpg'));
  await rm(join(input, 'val/a.jpg'));
  await symlink('../real.jpg', join(input, 'val/a.jpg'));
  const out = fresh();
  await convertDataset({ data: input, out });
  expect((await stat(join(out, 'val/a.jpg'))).ino).toBe((await stat(join(input, 'real.jpg'))).ino);
});

test('reports a missing image and writes its record', async () => {
  const input = await cocoFolder();
  await rm(join(input, 'val/b.jpg'));
  const out = fresh();
  const events: WriteDatasetEvent[] = [];
  await convertDataset({ data: input, out }, { onEvent: (event) => events.push(event) });
  expect(events.filter(({ type }) => type === 'problem')).toEqual([
    { type: 'problem', problem: expect.objectContaining({ place: join(input, 'val/b.jpg') }), kept: false },
  ]);
  expect((await loadDataset(out)).images).toHaveLength(20);
});

test('events report progress', async () => {
  const events: WriteDatasetEvent[] = [];
  await convertDataset(
    { data: await cocoFolder(), out: fresh() },
    { onEvent: (event) => events.push(event) },
  );
  expect(events[0]).toEqual({ type: 'started', total: 20 });
  expect(events.filter(({ type }) => type === 'item')).toHaveLength(20);
});

test('refuses a folder with other files in it', async () => {
  const out = fresh();
  await writeDeep(join(out, 'thesis.txt'), '');
  const input = await cocoFolder();
  await expect(convertDataset({ data: input, out, overwrite: true })).rejects.toThrow(
    `${out}: contains other files; choose a new folder`,
  );
});

test('replaces a data set only on request', async () => {
  const [input, out] = [await cocoFolder(), fresh()];
  await convertDataset({ data: input, out });
  await expect(convertDataset({ data: input, out })).rejects.toThrow(
    `${out}: already contains a data set; choose another folder`,
  );
});

test('replacing a data set leaves nothing of the old one', async () => {
  const [input, out] = [await cocoFolder(), fresh()];
  await convertDataset({ data: input, out, to: 'yolo' });
  await convertDataset({ data: input, out, to: 'coco', overwrite: true });
  expect((await readdir(out)).sort()).toEqual(['conversion.json', 'val', 'val.json']);
  expect((await stat(join(input, 'val/a.jpg'))).isFile()).toBe(true);
});

test('a record that names files elsewhere removes nothing', async () => {
  const [input, out] = [await cocoFolder(), fresh()];
  const precious = await writeDeep(join(root, 'precious.txt'), '');
  await convertDataset({ data: input, out });
  await writeFile(join(out, 'conversion.json'), JSON.stringify({ entries: ['../precious.txt'] }));
  await expect(convertDataset({ data: input, out, overwrite: true })).rejects.toThrow(/contains other files/);
  expect((await stat(precious)).isFile()).toBe(true);
});

test('does not write a data set over itself', async () => {
  const input = await cocoFolder();
  await expect(convertDataset({ data: input, out: input, overwrite: true })).rejects.toThrow(
    /which is an input/,
  );
});

test('refuses another format than the stated one', async () => {
  const input = await cocoFolder();
  await expect(convertDataset({ data: input, from: 'voc', out: fresh() })).rejects.toThrow(
    `${input}: is a data set in coco; pass coco instead of voc, or check the path`,
  );
});

test('refuses two images that would share their labels', async () => {
  const [a, b] = madeDataset().images;
  const images = [a!, { ...b!, fileName: 'a.png' }];
  const input = await cocoFolder(madeDataset({ images, annotations: annotationTable([]) }), false);
  await expect(convertDataset({ data: input, out: fresh(), to: 'yolo', transfer: 'none' })).rejects.toThrow(
    'a.png: and a.jpg would share their labels; rename one',
  );
});

test('refuses splits with different classes if one file names them', async () => {
  const input = await cocoFolder();
  await writeCoco(
    madeDataset({ categories: [7, 8, 9].map((id) => ({ id, name: `c${id}` })) }),
    join(input, 'test.json'),
  );
  await expect(
    convertDataset({ data: input, out: fresh(), to: 'darknet', transfer: 'none' }),
  ).rejects.toThrow(/split "test" has other classes than the first/);
});

/** The largest difference of any side of any box, image by image. */
function largestDifference(a: Dataset, b: Dataset): number {
  const [before, after] = [boxes(a), boxes(b)];
  expect(after.map(({ image, category }) => [image, category])).toEqual(
    before.map(({ image, category }) => [image, category]),
  );
  return Math.max(
    ...before.flatMap(({ box }, row) => box.map((side, at) => Math.abs(side - after[row]!.box[at]!))),
  );
}

describeWithData('data sets people use', (folder) => {
  test('blood cells survive from VOC to COCO, YOLO and COCO', async () => {
    const [coco, yolo, again] = [fresh(), fresh(), fresh()];
    const problems: string[] = [];
    const onEvent = (event: WriteDatasetEvent) => {
      if (event.type === 'problem') problems.push(event.problem.kind);
    };
    await convertDataset({ data: join(folder, 'bccd'), from: 'voc', out: coco }, { onEvent });
    expect(problems).toEqual(['empty-box', 'empty-box']);
    await convertDataset({ data: coco, out: yolo, to: 'yolo' });
    await convertDataset({ data: join(yolo, 'data.yaml'), out: again });
    for (const [split, count] of [
      ['train', 2805],
      ['val', 1138],
      ['test', 945],
    ] as const) {
      const before = await loadDataset(join(folder, 'bccd'), { split });
      const after = await loadDataset(again, { split });
      expect(after.annotations.count).toBe(count);
      expect(largestDifference(before, after)).toBe(0);
    }
  });

  test('blood cells survive from VOC to VOC, with all their fields', async () => {
    const out = fresh();
    const { losses } = await convertDataset({
      data: join(folder, 'bccd'),
      split: 'val',
      out,
      to: 'voc',
      transfer: 'none',
    });
    const before = await loadDataset(join(folder, 'bccd'), { split: 'val' });
    const after = await loadDataset(out, { split: 'val' });
    expect(losses).toEqual([]);
    expect(after.images).toEqual(before.images);
    expect(after.annotations.boxes).toEqual(before.annotations.boxes);
    expect(after.annotations.extraOf(0)).toEqual(before.annotations.extraOf(0));
  });

  test.for(['yolo', 'darknet', 'voc'] as const)('COCO boxes survive a round trip through %s', async (to) => {
    const out = fresh();
    const input = join(folder, 'coco-mini/val.json');
    await convertDataset({ data: input, out, to });
    const difference = largestDifference(
      await loadDataset(input),
      await loadDataset(opened(out, to), { split: 'val' }),
    );
    expect(difference).toBeLessThan(1e-4);
  });
});

test.each(DATASET_FORMATS)(
  'two images with one name stop a conversion to %s before it writes',
  async (to) => {
    const made = madeDataset();
    const [first, ...others] = made.images;
    const twice = {
      ...made,
      images: [first!, ...others.map((image) => ({ ...image, fileName: first!.fileName }))],
    };
    const [input, out] = [join(await cocoFolder(twice, false), 'val.json'), fresh()];
    await expect(convertDataset({ data: input, out, to })).rejects.toThrow(
      /two images have this name|appears twice in the data set/,
    );
    await expect(stat(out)).rejects.toThrow('ENOENT');
  },
);

test('leaves out an image that is a folder or has too long a name, as missing', async () => {
  const made = madeDataset();
  const names = ['folder.jpg', `${'a'.repeat(300)}.jpg`];
  const images = made.images.map((image, index) => ({ ...image, fileName: names[index] ?? image.fileName }));
  const folder = await cocoFolder({ ...made, images }, false);
  await mkdir(join(folder, 'val/folder.jpg'), { recursive: true });
  const places: string[] = [];
  await convertDataset(
    { data: join(folder, 'val.json'), out: fresh() },
    {
      onEvent: (event) => {
        if (event.type === 'problem' && event.problem.kind === 'missing-image-file')
          places.push(event.problem.place);
      },
    },
  );
  expect(new Set(places)).toEqual(new Set(images.map(({ fileName }) => join(folder, 'val', fileName))));
});

test.each(['voc', 'yolo', 'darknet'] as const)('crowds do not become objects in %s', async (to) => {
  const box = { id: 1, image: 0, category: 0, box: [1, 2, 30, 40] as const, area: 1200, crowd: true };
  const object = { ...box, id: 2, box: [5, 6, 7, 8] as const, area: 56, crowd: false };
  const out = fresh();
  const input = await cocoFolder(madeDataset({ annotations: annotationTable([box, object]) }));
  const { losses, splits } = await convertDataset({ data: input, out, to });
  expect(losses).toContain('1 box of crowds, left out');
  expect(splits[0]?.annotations).toBe(1);
  const { annotations } = await loadDataset(opened(out, to));
  expect(annotations.count).toBe(1);
  expect(annotations.boxes[0]).toBeCloseTo(5, 3);
});
