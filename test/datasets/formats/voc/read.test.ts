import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ReadVocOptions, readVoc } from '../../../../src/datasets/formats/voc/read.ts';
import { folderSource } from '../../../../src/datasets/open/folder-source.ts';
import type { DatasetProblem } from '../../../../src/datasets/problems.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../../temporary-files.ts';

const root = temporaryFolder();
let count = 0;

const object = (name: string, [xmin, ymin, xmax, ymax]: readonly (number | string)[], more = '') =>
  `<object><name>${name}</name>${more}<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin>` +
  `<xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;
const SIZE = '<size><width>80</width><height>60</height><depth>3</depth></size>';
const file = (objects: string, name = 'a.jpg', size = SIZE) =>
  `<annotation><filename>${name}</filename>${size}${objects}</annotation>`;

/** A data set in its own folder, from annotation files by name. */
async function voc(
  files: Readonly<Record<string, string | Uint8Array>>,
  sets: Readonly<Record<string, string>> = {},
) {
  const folder = join(root, String(count++));
  for (const [name, text] of Object.entries(files))
    await writeDeep(join(folder, `Annotations/${name}.xml`), text);
  for (const [name, text] of Object.entries(sets)) {
    await writeDeep(join(folder, `ImageSets/Main/${name}.txt`), text);
  }
  return folder;
}

async function boxesOf(objects: string, options?: ReadVocOptions) {
  const { annotations } = await readVoc(await voc({ a: file(objects) }), options);
  return [...annotations.boxes];
}

async function readLeniently(files: Readonly<Record<string, string | Uint8Array>>) {
  const problems: DatasetProblem[] = [];
  const dataset = await readVoc(await voc(files), { onProblem: (problem) => problems.push(problem) });
  return { dataset, problems };
}

test('pixels count from 1, and a box includes its last pixels', async () => {
  expect(await boxesOf(object('dog', [1, 1, 80, 60]))).toEqual([0, 0, 80, 60]);
});

test('zero-based boxes are read as edges', async () => {
  expect(await boxesOf(object('dog', [0, 0, 80, 60]), { boxes: 'zero-based' })).toEqual([0, 0, 80, 60]);
});

test('boxes can have fractions', async () => {
  expect(await boxesOf(object('dog', ['45.5', 2, '60.25', 30]))).toEqual([44.5, 1, 15.75, 29]);
});

test('keeps other fields of an object, with flags as numbers', async () => {
  const more = '<pose>Left</pose><difficult>1</difficult>';
  const { annotations } = await readVoc(await voc({ a: file(object('dog', [1, 1, 9, 9], more)) }));
  expect(annotations.extraOf(0)).toEqual({ pose: 'Left', difficult: 1 });
});

test('a class has the same id in every split', async () => {
  const folder = await voc(
    { a: file(object('zebra', [1, 1, 9, 9])), b: file(object('ant', [1, 1, 9, 9])) },
    { train: 'a\n', val: 'b\n' },
  );
  const train = await readVoc(folder, { split: 'train' });
  const val = await readVoc(folder, { split: 'val' });
  expect(train.categories).toEqual([
    { id: 1, name: 'ant' },
    { id: 2, name: 'zebra' },
  ]);
  expect(val.categories).toEqual(train.categories);
  expect([...train.annotations.categories]).toEqual([1]);
});

test('given classes set the order', async () => {
  const { categories } = await readVoc(await voc({ a: file(object('ant', [1, 1, 9, 9])) }), {
    classes: ['zebra', 'ant'],
  });
  expect(categories).toEqual([
    { id: 1, name: 'zebra' },
    { id: 2, name: 'ant' },
  ]);
});

test('an object can have a synonym of a given class', async () => {
  const { categories, annotations } = await readVoc(await voc({ a: file(object('sofa', [1, 1, 9, 9])) }), {
    classes: ['dog', 'couch'],
  });
  expect(categories.map(({ name }) => name)).toEqual(['dog', 'couch']);
  expect([...annotations.categories]).toEqual([1]);
});

test('resolves entities in names', async () => {
  const { categories } = await readVoc(await voc({ a: file(object('salt &amp; pepper', [1, 1, 9, 9])) }));
  expect(categories[0]?.name).toBe('salt & pepper');
});

test('lists of one class have a second column', async () => {
  const folder = await voc({ a: file(''), b: file('') }, { train: 'a  1\nb -1\n' });
  expect((await readVoc(folder, { split: 'train' })).images).toHaveLength(2);
});

test('keeps an image without objects', async () => {
  expect((await readVoc(await voc({ a: file('') }))).images).toHaveLength(1);
});

test('takes a missing size from the upright image', async () => {
  const folder = await voc({ a: file('', 'a.jpg', '') });
  await writePhoto(join(folder, 'JPEGImages/a.jpg'), { width: 80, height: 60, orientation: 6 });
  const [image] = (await readVoc(folder)).images;
  expect([image?.width, image?.height]).toEqual([60, 80]);
});

test('finds a renamed image by the name of its annotations', async () => {
  const folder = await voc({ a: file('', 'IMG_0001.JPG') });
  await writePhoto(join(folder, 'JPEGImages/a.jpg'));
  expect((await readVoc(folder)).images[0]?.fileName).toBe('a.jpg');
});

test('in a set joined from others, an image belongs to its own annotations', async () => {
  const folder = await voc({ a: file(''), B_a: file('', 'C:\\photos\\a.jpg') });
  for (const name of ['a', 'B_a']) await writePhoto(join(folder, `JPEGImages/${name}.jpg`));
  const { images } = await readVoc(folder);
  expect(images.map(({ fileName }) => fileName)).toEqual(['B_a.jpg', 'a.jpg']);
});

test.for(['caf&#233;', 'caf&#xe9;', 'café'])('%s is the class café', async (name) => {
  const { categories } = await readVoc(await voc({ a: file(object(name, [1, 1, 9, 9])) }));
  expect(categories.map((category) => category.name)).toEqual(['café']);
});

test('images and annotations can share one folder', async () => {
  const folder = join(root, 'flat');
  await writeDeep(join(folder, 'a.xml'), file(object('dog', [1, 1, 9, 9])));
  expect(await readVoc(folder)).toMatchObject({ imageFolder: folder, images: [{ fileName: 'a.jpg' }] });
});

test('follows a link to its folder', async () => {
  const [source, folder] = [await voc({ a: file(object('dog', [1, 1, 9, 9])) }), join(root, 'linked')];
  await mkdir(folder);
  await symlink(join(source, 'Annotations'), join(folder, 'Annotations'));
  expect((await folderSource(folder, {})).format).toBe('voc');
});

test('reports a click in place of a box and keeps it', async () => {
  const { dataset, problems } = await readLeniently({ a: file(object('dog', [5, 6, 5, 6])) });
  expect(problems.map(({ kind, message }) => [kind, message])).toEqual([
    ['empty-box', 'bndbox [5,6,5,6] (xmin, ymin, xmax, ymax) is a point or a line; it is kept'],
  ]);
  expect([...dataset.annotations.boxes]).toEqual([4, 5, 1, 1]);
});

const bomb = `<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>${file(object('&y;', [1, 1, 9, 9]))}`;
test.for([
  ['an XML bomb', bomb, 'bad-annotation-file', 'has a DOCTYPE or ENTITY, which is not allowed; remove it'],
  ['a truncated file', file('').slice(0, -5), 'bad-annotation-file', /^not XML \(line 1: /],
  [
    'a file of another kind',
    '<svg/>',
    'bad-annotation-file',
    'has no <annotation>, expected a Pascal VOC file',
  ],
  [
    'a file that is not UTF-8',
    new Uint8Array([0x3c, 0xff]),
    'bad-annotation-file',
    'not UTF-8 text, expected a Pascal VOC file of annotations; save it as UTF-8',
  ],
  [
    'an image outside the folder',
    file('', '../../etc/passwd'),
    'unsafe-path',
    'filename "../../etc/passwd" is outside the image folder',
  ],
  ['a box without numbers', file(object('dog', ['', 1, 9, 9])), 'bad-box', /^bndbox .*, expected xmin, /],
  ['a box of NaN', file(object('dog', ['NaN', 1, 9, 9])), 'bad-box', /^bndbox .*, expected xmin, /],
  ['a box with swapped edges', file(object('dog', [9, 1, 1, 9])), 'bad-box', /with xmin < xmax/],
  ['an object without a box', file('<object><name>dog</name></object>'), 'bad-box', /^bndbox missing/],
  ['an object without a name', file('<object/>'), 'unknown-category', /^name missing, expected a class name/],
  [
    'an image without any size',
    file('', 'a.jpg', ''),
    'bad-annotation-file',
    /^has no size, and the image's size cannot be read/,
  ],
] as const)('%s is reported', async ([, text, kind, message]) => {
  const { problems } = await readLeniently({ a: text });
  expect(problems).toEqual([
    expect.objectContaining({
      kind,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    }),
  ]);
});

test('refuses a tag named __proto__', async () => {
  const more = '<__proto__><polluted>1</polluted></__proto__>';
  const { problems } = await readLeniently({ a: file(object('dog', [1, 1, 9, 9], more)) });
  expect(problems).toEqual([expect.objectContaining({ kind: 'bad-annotation-file' })]);
  expect('polluted' in {}).toBe(false);
});

test('throws the first problem if there is no listener', async () => {
  const folder = await voc({ a: '<svg/>' });
  await expect(readVoc(folder)).rejects.toThrow(
    `${join(folder, 'Annotations/a.xml')}: has no <annotation>, expected a Pascal VOC file; run "micro-yolo dataset check"`,
  );
});

test('refuses a listed image without annotations', async () => {
  const folder = await voc({ a: file('') }, { train: 'a\nb\n' });
  await expect(readVoc(folder, { split: 'train' })).rejects.toThrow(
    /b\.xml: no such file, expected a Pascal VOC file/,
  );
});

test('a list cannot lead outside the folder', async () => {
  const folder = await voc({ a: file('') }, { train: '../../secret\n' });
  await expect(readVoc(folder, { split: 'train', classes: ['dog'] })).rejects.toThrow(
    /is outside its folder/,
  );
});

test('refuses a missing split', async () => {
  const folder = await voc({ a: file('') }, { train: 'a\n' });
  await expect(readVoc(folder, { split: 'trian' })).rejects.toThrow(
    /trian\.txt: no such file, expected the list of the split "trian"; did you mean .*train\.txt\?/,
  );
});
