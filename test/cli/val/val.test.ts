import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadDetector } from '../../../src/detection/detector.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { noisePicture } from '../../image/pictures.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();
const val = (...args: string[]) => runCli(['val', ...args], folder);
const annotation = (id: number, image_id: number, bbox: readonly number[]) => ({
  id,
  image_id,
  category_id: 7,
  bbox,
  area: bbox[2]! * bbox[3]!,
  iscrowd: 0,
});

/** The model's own best box of each image is the ground truth, so at least that detection is right. */
beforeAll(async () => {
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
  await mkdir(join(folder, 'set'));
  await using detector = await loadDetector(tinyModel());
  const annotations = [];
  for (const id of [3, 11]) {
    const path = join(folder, `set/${id}.png`);
    await noisePicture(90, 60, id).png().toFile(path);
    const found = await detector.detect(path, { scoreThreshold: 0, classes: ['square'], clip: false });
    annotations.push(annotation(annotations.length + 1, id, found[0]!.box));
  }
  const images = [11, 3].map((id) => ({ id, file_name: `${id}.png`, width: 90, height: 60 }));
  const categories = [
    { id: 7, name: 'square' },
    { id: 2, name: 'circle' },
  ];
  await writeFile(join(folder, 'set.json'), JSON.stringify({ images, annotations, categories }));
  await writeFile(
    join(folder, 'broken.json'),
    JSON.stringify({
      images: [...images, { ...images[0], id: 12, file_name: 'bad.png' }],
      annotations,
      categories,
    }),
  );
  await writeFile(join(folder, 'set/bad.png'), 'no picture');
  await mkdir(join(folder, 'broken'));
  for (const name of ['3.png', '11.png', 'bad.png'])
    await copyFile(join(folder, 'set', name), join(folder, 'broken', name));
});

test('a model is evaluated, and its saved detections give the same numbers', async () => {
  const first = await val(
    '-m',
    'tiny.safetensors',
    '-d',
    'set.json',
    '-t',
    '0',
    '--save-json',
    'found.json',
    '--json',
  );
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const report = JSON.parse(first.stdout);
  expect(report).toMatchObject({ images: 2, truths: 2 });
  expect(report.metrics.AP50).toBeGreaterThan(0);
  expect(report.perClass.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual([
    [2, 'circle'],
    [7, 'square'],
  ]);
  const saved = JSON.parse(await readFile(join(folder, 'found.json'), 'utf8'));
  expect(Object.keys(saved[0])).toEqual(['image_id', 'category_id', 'bbox', 'score']);
  const second = await val('--results', 'found.json', '-d', 'set.json', '--json');
  expect(JSON.parse(second.stdout).metrics).toEqual(report.metrics);
});

test('the table has the classes, the twelve numbers and the two of VOC', async () => {
  const { stdout, code } = await val('-m', 'tiny.safetensors', '-d', 'set.json', '-t', '0');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^onnx on the CPU\nclass +objects +AP +AP50 +AR100\nsquare +2 /);
  for (const name of ['AP50', 'APsmall', 'AR100', 'ARlarge', 'VOC 2007', 'VOC 2010'])
    expect(stdout).toContain(`\n${name} `);
});

test('an unreadable image is named, and the exit code says so', async () => {
  const { stderr, code } = await val('-m', 'tiny.safetensors', '-d', 'broken.json', '--json');
  expect(stderr).toMatch(/^skipped: broken\/bad\.png: cannot be decoded .*\n$/);
  expect(code).toBe(3);
});

test('figures of no images are refused', async () => {
  await writeFile(join(folder, 'set/text.png'), 'no picture');
  const images = [{ id: 1, file_name: 'text.png', width: 90, height: 60 }];
  const annotations = [annotation(1, 1, [0, 0, 9, 9])];
  const categories = [{ id: 7, name: 'square' }];
  await writeFile(join(folder, 'text.json'), JSON.stringify({ images, annotations, categories }));
  const unreadable = await val('-m', 'tiny.safetensors', '-d', 'text.json', '--image-folder', 'set');
  expect(unreadable).toMatchObject({ code: 1, stdout: '' });
  expect(unreadable.stderr).toMatch(
    /\nerror: none of 1 images can be used \(set\/text\.png: .*\); "micro-yolo/,
  );
  const nowhere = await val('-m', 'tiny.safetensors', '-d', 'set.json', '--image-folder', 'nowhere');
  expect(nowhere).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^error: images nowhere: no such folder; check the path, which starts in .+\n$/,
    ),
  });
});

test('detections from a file are evaluated without a detection speed and saved to a new folder', async () => {
  await writeFile(join(folder, 'none.json'), '[]');
  const args = ['--results', 'none.json', '-d', 'set.json', '--save-json', 'new/copy.json'];
  const { stdout, code } = await val(...args);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nsplit \S+: 2 images, 2 true boxes, 0 detections; evaluating [\d.]+ s\n$/);
  expect(await readFile(join(folder, 'new/copy.json'), 'utf8')).toBe('[]\n');
});

test.each(['set.json', './tiny.safetensors'])('detections do not overwrite the input %s', async (name) => {
  const before = await readFile(join(folder, name));
  const { stderr, code } = await val('-m', 'tiny.safetensors', '-d', 'set.json', '--save-json', name);
  expect(stderr).toBe(
    `error: saveJson ${name}: would overwrite what is read; name another file with --save-json\n`,
  );
  expect(code).toBe(2);
  expect(await readFile(join(folder, name))).toEqual(before);
});

const cases = [
  {
    title: 'neither model nor results',
    args: ['-d', 'set.json'],
    says: /^error: --model and --results: got neither, expected exactly one\n$/,
  },
  {
    title: 'both model and results',
    args: ['-m', 'a.cfg', '--results', 'b', '-d', 'set.json'],
    says: /^error: --model and --results: got both, expected exactly one/,
  },
  {
    title: 'a missing dataset',
    args: ['-m', 'tiny.safetensors', '-d', 'sat.json'],
    says: /^error: sat\.json: no such file, .*did you mean set\.json\?\n$/,
  },
  {
    title: 'results of other images',
    args: ['--results', 'other.json', '-d', 'set.json'],
    says: /^error: other\.json: \[0\]: image_id 5 is not an image of the data set.*\n$/,
  },
] as const;

test('detection flags are refused with a results file, on which they have no effect', async () => {
  const { stderr, code } = await val(
    '--results',
    'found.json',
    '-d',
    'set.json',
    '-t',
    '0.9',
    '--size',
    '64',
  );
  expect(stderr).toMatch(
    /^error: --size, --score-threshold with --results: the results already contain boxes; .*\n$/,
  );
  expect(code).toBe(2);
});

test('a model of other classes is refused before it runs', async () => {
  await writeFile(join(folder, 'names.txt'), 'cat\ndog\n');
  const { stderr, code } = await val('-m', 'tiny.safetensors', '--names', 'names.txt', '-d', 'set.json');
  expect(stderr).toMatch(
    /^error: the model has cat, dog, the data set has square, circle: no class in common; .*\n$/,
  );
  expect(code).toBe(2);
});

test.for(cases)('$title is reported in one line', async ({ args, says }) => {
  await writeFile(
    join(folder, 'other.json'),
    '[{"image_id":5,"category_id":7,"bbox":[0,0,9,9],"score":0.5}]',
  );
  const { stderr, stdout, code } = await val(...args);
  expect(stderr).toMatch(says);
  expect(stdout).toBe('');
  expect([1, 2]).toContain(code);
});
