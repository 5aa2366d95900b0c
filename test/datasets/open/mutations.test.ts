import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openDataset } from '../../../src/datasets/open/description.ts';
import type { DatasetProblem } from '../../../src/datasets/problems.ts';
import { MicroYoloError } from '../../../src/foundation/errors/errors.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';

/** Mutations of all formats together. `MICRO_YOLO_MUTATIONS=5000` tries more, and another seed tries others. */
const MUTATIONS = Number(process.env['MICRO_YOLO_MUTATIONS'] ?? 300);
const SEED = Number(process.env['MICRO_YOLO_SEED'] ?? 1);

const root = temporaryFolder();

const COCO = JSON.stringify({
  info: { year: 2024 },
  images: [
    { id: 1, file_name: 'a.jpg', width: 80, height: 60 },
    { id: 2, file_name: 'b.jpg', width: 80, height: 60 },
  ],
  categories: [{ id: 1, name: 'cat' }],
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      bbox: [1, 2, 30, 40],
      area: 1200,
      iscrowd: 0,
      segmentation: [[1, 2, 3, 4, 5, 6]],
    },
    { id: 2, image_id: 2, category_id: 1, bbox: [1, 2, 30, 40] },
  ],
});
const XML =
  '<annotation><filename>a.jpg</filename><size><width>80</width><height>60</height></size>' +
  '<object><name>cat</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>';
const LABELS = '0 0.5 0.5 0.2 0.2\n1 0.1 0.2 0.3 0.4 0.5 0.6\n';

/** Files of a data set, the path to open it by, and the files to mutate. */
interface Format {
  readonly files: Readonly<Record<string, string>>;
  readonly open: string;
  readonly mutated: readonly string[];
}

const FORMATS: Readonly<Record<string, Format>> = {
  coco: { files: { 'train.json': COCO }, open: 'train.json', mutated: ['train.json'] },
  yolo: {
    files: {
      'data.yaml': 'path: .\ntrain: images\nval: val.txt\nnc: 2\nnames: [cat, dog]\nkpt_shape:\n',
      'val.txt': 'images/b.jpg\n./images/a.jpg\n',
      'labels/a.txt': LABELS,
    },
    open: 'data.yaml',
    mutated: ['data.yaml', 'val.txt', 'labels/a.txt'],
  },
  voc: {
    files: { 'Annotations/a.xml': XML, 'ImageSets/Main/train.txt': 'a\nb\n' },
    open: '',
    mutated: ['Annotations/a.xml', 'ImageSets/Main/train.txt'],
  },
  darknet: {
    files: {
      'obj.data': 'classes = 2\ntrain = train.txt\nnames = obj.names\n',
      'obj.names': 'cat\ndog\n',
      'train.txt': 'images/a.jpg\nimages/b.jpg\n',
      'labels/b.txt': LABELS,
    },
    open: 'obj.data',
    mutated: ['obj.data', 'obj.names', 'train.txt', 'labels/b.txt'],
  },
  description: {
    files: {
      'made.yaml': 'format: coco\npath: .\nclasses: [cat]\nsplits:\n  train: { annotations: train.json }\n',
      'train.json': COCO,
    },
    open: 'made.yaml',
    mutated: ['made.yaml', 'train.json'],
  },
};

const TOKENS = [
  ...[
    '',
    ' ',
    '\n',
    '\r',
    '\t',
    '\0',
    '\\',
    '/',
    '../',
    'C:\\',
    '"',
    "'",
    ',',
    ':',
    '=',
    '#',
    '-',
    '*',
    '&a',
    '*a',
    '~',
  ],
  ...[
    'null',
    'true',
    'NaN',
    '-1',
    '0',
    '1e999',
    '9007199254740993',
    '0x10',
    '1.5',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '&lt;',
  ],
  ...[
    '__proto__',
    'constructor',
    '\ufeff',
    '日本',
    '\ud800',
    '[[[[[[',
    '{{{{',
    '<object>',
    '</object>',
    '<![CDATA[',
  ],
];

/** Bytes cut off, doubled, swapped, or replaced by tokens that trip up readers. */
function mutate(text: string, below: (end: number) => number): Buffer {
  let bytes = Buffer.from(text);
  const at = () => below(bytes.length + 1);
  for (let change = 0; change <= below(3); change++) {
    const [first, second] = [at(), at()].sort((a, b) => a - b) as [number, number];
    const token = Buffer.from(TOKENS[below(TOKENS.length)]!);
    const middle = [
      () => token,
      () => Buffer.concat([bytes.subarray(first, second), token, bytes.subarray(first, second)]),
      () => Buffer.from(bytes.subarray(first, second)).reverse(),
      () => Buffer.from([below(256)]),
      () => Buffer.alloc(0),
    ][below(5)]!();
    const isShort = below(2) === 0;
    bytes = Buffer.concat([
      bytes.subarray(0, first),
      middle,
      bytes.subarray(isShort ? Math.min(first + 1, bytes.length) : second),
    ]);
  }
  return bytes;
}

const folders = new Map<string, string>();

beforeAll(async () => {
  for (const [name, { files }] of Object.entries(FORMATS)) {
    const folder = join(root, name);
    folders.set(name, folder);
    for (const photo of ['images/a.jpg', 'images/b.jpg', 'JPEGImages/a.jpg', 'JPEGImages/b.jpg'])
      if (photo.startsWith('JPEG') === (name === 'voc')) await writePhoto(join(folder, photo));
    for (const [file, text] of Object.entries(files)) await writeDeep(join(folder, file), text);
  }
});

/** Reads all splits; returns what is odd about the outcome, if anything. */
async function outcome(path: string): Promise<string | undefined> {
  const problems: DatasetProblem[] = [];
  try {
    const source = await openDataset(path, { onProblem: (problem) => problems.push(problem) });
    for (const split of source.splits) {
      const { images, categories, annotations } = await source.read(split);
      for (let row = 0; row < annotations.count; row++) {
        const box = annotations.boxes.subarray(4 * row, 4 * row + 4);
        if (!box.every(Number.isFinite)) return `box ${box.join(' ')}`;
        if (!images[annotations.images[row]!]) return 'a box of no image';
        if (!categories[annotations.categories[row]!]) return 'a box of no class';
      }
    }
  } catch (error) {
    if (!(error instanceof MicroYoloError)) return String(error instanceof Error ? error.stack : error);
    if (error.message.includes('\n')) return `several lines: ${error.message}`;
  }
  return problems.some(({ message }) => /undefined|\[object/.test(message))
    ? 'a message of undefined'
    : undefined;
}

test.for(Object.entries(FORMATS))(
  'mutated files of %s are read or refused in one line',
  { timeout: 600_000 },
  async ([name, format]) => {
    const uniform = uniformRandom(SEED);
    const below = (end: number) => Math.floor(uniform() * end);
    const folder = folders.get(name)!;
    const count = Math.ceil(MUTATIONS / Object.keys(FORMATS).length);
    for (let round = 0; round < count; round++) {
      const file = format.mutated[round % format.mutated.length]!;
      const mutated = mutate(format.files[file]!, below);
      await writeDeep(join(folder, file), mutated);
      const odd = await outcome(join(folder, format.open));
      expect(odd, `${file}: ${JSON.stringify(mutated.toString('latin1'))}`).toBeUndefined();
      await writeDeep(join(folder, file), format.files[file]!);
    }
  },
);
