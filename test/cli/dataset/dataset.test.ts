import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeCoco } from '../../../src/datasets/formats/coco/write.ts';
import { madeDataset } from '../../datasets/made-dataset.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();
await mkdir(join(folder, 'made'));
await writeCoco(madeDataset(), join(folder, 'made/val.json'));
for (const { fileName } of madeDataset().images) await writePhoto(join(folder, 'made/val', fileName));
await writeDeep(
  join(folder, 'bad.json'),
  JSON.stringify({
    images: [{ id: 1, file_name: 'a.jpg', width: 9, height: 9 }],
    categories: [{ id: 1, name: 'dog' }],
    annotations: Array.from({ length: 12 }, (_, id) => ({
      id,
      image_id: 1,
      category_id: 1,
      bbox: [1, 2, 3],
    })),
  }),
);
await writeDeep(join(folder, 'cut.json'), '{"images": [{"id": 1');

test('convert prints what was written and what was lost', async () => {
  const { stdout, stderr, code } = await runCli(
    ['dataset', 'convert', 'coco', 'made', '--out', 'yolo', '--to', 'yolo'],
    folder,
  );
  expect(stdout).toBe(`split  images  annotations
val        20           14
lost in YOLO: note, area (becomes the box's), id of 14 annotations
lost in YOLO: id of 20 images
lost in YOLO: 1 box of crowds, left out
lost in YOLO: category ids become 0–2
written as YOLO: yolo/data.yaml
`);
  expect([stderr, code]).toEqual(['', 0]);
});

test('convert prints JSON on request', async () => {
  const { stdout } = await runCli(['dataset', 'convert', 'coco', 'made', '--out', 'json', '--json'], folder);
  expect(JSON.parse(stdout)).toEqual({
    format: 'coco',
    path: join('json', 'val.json'),
    splits: [{ split: 'val', images: 20, annotations: 15 }],
    losses: [],
    problems: [],
  });
});

test('convert names the first bad annotations, counts the others and exits with 3', async () => {
  const { stderr, code } = await runCli(
    ['dataset', 'convert', 'coco', 'bad.json', '--out', 'mended', '--transfer', 'none'],
    folder,
  );
  const lines = stderr.trim().split('\n');
  expect(lines[0]).toBe(
    'warning: bad.json: annotations[0]: bbox [1,2,3], expected four numbers (left, top, width, height)',
  );
  expect(lines[10]).toBe('… and 2 more; "micro-yolo dataset check" lists them all');
  expect([lines.length, code]).toEqual([11, 3]);
});

test('subset prints what was written', async () => {
  const { stdout, code } = await runCli(
    [
      'dataset',
      'subset',
      'made/val.json',
      '--out',
      'part',
      '--classes',
      'dog,cat',
      '--images',
      '4',
      '--seed',
      '2',
    ],
    folder,
  );
  const [head, classes, end] = stdout.split('\n\n');
  expect(head).toBe('split  images  annotations\nval         4            4');
  const [, ...rows] = classes!.split('\n').map((line) => line.split(/ +/));
  expect(rows.map(([name]) => name).sort()).toEqual(['cat', 'dog']);
  expect(rows.reduce((sum, [, boxes]) => sum + Number(boxes), 0)).toBe(4);
  expect([end, code]).toEqual(['written as COCO: part/val.json\n', 0]);
  expect(await readdir(join(folder, 'part/val'))).toHaveLength(4);
});

test('split prints images and boxes by split, and what was kept together', async () => {
  const args = ['dataset', 'split', 'made/val.json', '--val', '0.2', '--test', '0.2', '--out', 'divided'];
  const { stdout, stderr, code } = await runCli([...args, '--near-duplicates', 'ignore'], folder);
  expect(stdout).toMatch(
    /^split +images +annotations\ntrain +12 +\d+\nval +4 +\d+\ntest +4 +\d+\n\nboxes of class +train +val +test\n(person|cat|dog) +\d+ +\d+ +\d+\n/,
  );
  expect(stdout).toContain('written as COCO: divided\n');
  expect([stderr, code]).toEqual(['', 0]);
});

test('split reports that all images are near-identical, and what to do', async () => {
  // All of them have one color.
  const args = ['dataset', 'split', 'made/val.json', '--val', '0.2', '--out', 'plain'];
  const { stderr, code } = await runCli(args, folder);
  expect(stderr).toMatch(/^error: 20 images: form only 1 group of .*, or ignore near-duplicates\n$/);
  expect(code).toBe(2);
});

const convert = (...args: readonly string[]) => ['dataset', 'convert', ...args];
test.for([
  [
    convert('coco', 'cut.json', '--out', 'x'),
    1,
    /^error: cut\.json: truncated after 20 bytes, inside images\[0\];/,
  ],
  [convert('cocoa', 'made', '--out', 'x'), 2, /^error: format "cocoa": expected coco, voc, yolo, darknet\n$/],
  [
    convert('coco', 'mad', '--out', 'x'),
    1,
    /^error: mad: no such file, expected a data set.*; did you mean made\?\n$/,
  ],
  [convert('coco', 'made', '--out', 'x', '--split', 'train'), 2, /^error: split "train": made has val/],
  [convert('coco', 'made', '--out', 'made'), 2, /^error: out made: contains made, which is an input; .*\n$/],
  [
    convert('coco', 'made', '--out', 'x', '--transfer', 'move'),
    2,
    /^error: --transfer "move": expected link, copy, none\n$/,
  ],
  [
    ['dataset', 'subset', 'made', '--out', 'x', '--classes', 'dgo'],
    2,
    /^error: class "dgo": .*did you mean dog\?\n$/,
  ],
  [
    ['dataset', 'split', 'made', '--out', 'x'],
    2,
    /^error: val: missing, expected a number between 0 and 1; pass val 0\.2\n$/,
  ],
  [
    ['dataset', 'split', 'made', '--out', 'x', '--val', '0.01'],
    2,
    /^error: val 0\.01: selects none of 20 images, expected at least one; pass 0\.05 or more\n$/,
  ],
  [
    ['dataset', 'split', 'made', '--out', 'x', '--val', 'a fifth'],
    2,
    /^error: --val "a fifth": expected a number from 0 to 1\n$/,
  ],
  [
    ['dataset', 'subset', 'made', '--out', 'x', '--balance'],
    2,
    /^error: balance: needs the number of images to choose; set images, such as 500\n$/,
  ],
  [
    ['dataset', 'subset', 'made', '--out', 'x', '--images', '0'],
    2,
    /^error: --images "0": expected a whole number/,
  ],
] as const)('%s is reported in one line and leaves nothing behind', async ([args, code, message]) => {
  const result = await runCli(args, folder);
  expect(result.stderr).toMatch(message);
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
  expect([result.stdout, result.code]).toEqual(['', code]);
  expect(await readdir(folder)).not.toContain('x');
});
