import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../../../src/foundation/files/folders.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { readModel, writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { convBlock } from '../../../src/network/blocks/conv-block.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { classifierHead } from '../../../src/network/heads/classifier.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { randomWeights } from '../../network/random-weights.ts';
import { temporaryFolder, writeDeep, writePhoto } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();

const COLORS = { blue: [20, 40, 220], green: [30, 200, 50], red: [220, 30, 40] } as const;

/** Images of one color each, with noise. */
async function writePictures(split: string, count: number): Promise<void> {
  const random = uniformRandom(count);
  for (const [name, color] of Object.entries(COLORS)) {
    await makeFolder(join(folder, 'colors', split, name));
    for (let index = 0; index < count; index++) {
      const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => color[i % 3]! + 30 * random());
      const picture = sharp(data, { raw: { width: 32, height: 32, channels: 3 } });
      await picture.png().toFile(join(folder, 'colors', split, name, `${index}.png`));
    }
  }
}

function tinyClassifier() {
  const builder = new NetworkBuilder([3, 32, 32]);
  const stem = convBlock(builder, 'stem', 'input', {
    outChannels: 8,
    kernel: 3,
    stride: 2,
    activation: 'relu',
  });
  const last = convBlock(builder, 'last', stem, {
    outChannels: 16,
    kernel: 3,
    stride: 2,
    activation: 'relu',
  });
  classifierHead(builder, last, { activation: 'relu', dropout: 0.2, classes: 5, softmax: true });
  const network = builder.build('tiny-classifier');
  const classes = ['a', 'b', 'c', 'd', 'e'];
  return { ...tinyModel(), network, weights: randomWeights(network, 5), classes };
}

const TINY = [
  ...['train', '--data', 'colors', '--model', 'tiny.safetensors', '--size', '32', '--batch', '4'],
  ...[
    '--engine',
    'onnx-plain',
    '--threads',
    '1',
    '--epochs',
    '12',
    '--name',
    'colors',
    '--learning-rate',
    '0.01',
  ],
];
const best = 'runs/colors-001/best.safetensors';

const photo = (path: string) => writePhoto(join(folder, path), { width: 16, height: 16 });

beforeAll(async () => {
  await writePictures('train', 8);
  await writePictures('val', 3);
  await writeModel(join(folder, 'tiny.safetensors'), tinyClassifier());
  await writeModel(join(folder, 'detector.safetensors'), tinyModel());
  await photo('same/train/red/1.jpg');
  await photo('same/val/red/1.jpg');
  for (const name of ['red', 'blue']) await photo(`foreign/train/${name}/1.jpg`);
  for (const name of ['red', 'violet']) await photo(`foreign/val/${name}/1.jpg`);
  await photo('shapes/val/circle/1.jpg');
  await photo('partly/val/red/1.jpg');
  await writeDeep(join(folder, 'partly/val/red/2.jpg'), 'no picture');
  await makeFolder(join(folder, 'partly/val/amber'));
});

describe('a classifier', () => {
  test('learns from a folder of images for each class', async () => {
    const { code, stdout, stderr } = await runCli(TINY, folder);
    expect(stderr).toMatch(
      /epoch 12 · .* · loss [\d.]+ = class [\d.]+ · .* · top-1 100\.0 %, top-5 100\.0 %/,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/best top-1 100\.00 %.*micro-yolo classify photo\.jpg/);
    expect((await readModel(join(folder, best))).classes).toEqual(['blue', 'green', 'red']);
  });

  test('is evaluated by val', async () => {
    const { code, stdout } = await runCli(['val', '--data', 'colors', '--model', best, '--json'], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      images: 9,
      top1: 1,
      top5: 1,
      notes: [],
      perClass: ['blue', 'green', 'red'].map((name) => ({ name, images: 3, accuracy: 1 })),
    });
    const table = await runCli(['val', '--data', 'colors', '--model', best], folder);
    expect(table.stdout).toMatch(/green +3 +100\.00 %/);
    expect(table.stdout).toContain('9 images: top-1 100.00 %, top-5 100.00 %');
  });

  test('is evaluated if an image cannot be read or a class has none', async () => {
    const { code, stdout, stderr } = await runCli(
      ['val', '--data', 'partly', '--model', best, '--json'],
      folder,
    );
    expect(stderr).toMatch(
      /^skipped: partly\/val\/red\/2\.jpg: cannot be decoded .*\nnote: none of 1 images is classified correctly.*\n$/,
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ images: 1, perClass: [{ name: 'red', images: 1 }] });
  });

  test('classifies an image, with the likeliest class first', async () => {
    const args = ['colors/val/red/0.png', 'colors/val/blue/1.png', '--model', best, '--top', '2', '--json'];
    const { code, stdout } = await runCli(['classify', ...args], folder);
    expect(code).toBe(0);
    const [red, blue] = JSON.parse(stdout);
    expect(red.image).toBe('colors/val/red/0.png');
    expect(red.classes).toHaveLength(2);
    expect([red, blue].map(({ classes }) => classes[0].label)).toEqual(['red', 'blue']);
    expect(red.classes[0].score).toBeGreaterThan(0.5);
    expect(red.classes[0].classId).toBe(2);
  });

  test('has its data checked and counted by class', async () => {
    const { stdout, code } = await runCli(['dataset', 'check', 'colors'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/colors \(train\): \d+ images · 3 of 3 classes used\n/);
    expect(stdout).toMatch(/no problems found\n\nimages by class +train +val *\nblue/);
    expect(stdout).not.toMatch(/boxes|anchors/);
  });

  test('skips an image that cannot be read', async () => {
    await writeFile(join(folder, 'broken.png'), 'no picture');
    const args = ['classify', 'broken.png', 'colors/val/red/0.png', '--model', best];
    const { code, stdout, stderr } = await runCli(args, folder);
    expect(code).toBe(3);
    expect(stdout).toMatch(/red +[\d.]+ %/);
    expect(stderr).toContain('skipped: broken.png: cannot be decoded');
  });

  test.each<[readonly string[], RegExp]>([
    [
      ['classify', 'broken.png', '--model', 'detector.safetensors'],
      /tiny: not a classifier, expected an output of classes/,
    ],
    [['classify', 'broken.png', '--model', best, '--top', '0'], /--top "0": expected a whole number from 1/],
    [['detect', 'colors/val/red/0.png', '--model', best], /not a detector, it has no yolo or region output/],
    [
      ['val', '--data', 'colors', '--model', best, '--iou', '0.4'],
      /--iou with .*: a classifier finds no boxes/,
    ],
    [
      ['val', '--data', 'colors', '--model', 'tiny.safetensors'],
      /class "blue" of the data: not in the model, which has a, b, c/,
    ],
    [
      ['train', '--data', 'colors', '--model', 'detector.safetensors'],
      /is a detector, and colors has images with one class each/,
    ],
    [
      ['val', '--data', 'colors', '--model', best, '--save-json', 'found.json'],
      /--save-json with .*: a classifier finds no boxes/,
    ],
    [
      ['val', '--data', 'colors', '--model', best, '--report', 'why'],
      /--report with .*: a classifier finds no boxes; .*table shows which classes are mixed up/,
    ],
    [
      ['val', '--data', 'shapes', '--model', 'detector.safetensors'],
      /shapes: has images of one class each, expected boxes/,
    ],
    [['dataset', 'anchors', 'shapes'], /shapes: has images of one class each, expected boxes/],
    [
      ['train', '--data', 'same', '--model', 'tiny.safetensors', '--name', 'refused'],
      /same: the images of split train all belong to class red, expected at least two classes/,
    ],
    [
      ['train', '--data', 'foreign', '--model', 'tiny.safetensors', '--name', 'refused'],
      /foreign: class "violet" of split val is not in split train, which has blue, red;/,
    ],
    [
      ['train', '--data', 'colors', '--model', 'tiny.safetensors', '--teacher', best, '--name', 'refused'],
      /teacher .*: only detectors can learn from a teacher, and the data has one class per image/,
    ],
  ])('%j is refused in one line', async (args, message) => {
    const { code, stderr } = await runCli(args, folder);
    expect(code).not.toBe(0);
    expect(stderr.trim().split('\n').at(-1)).toMatch(message);
    expect(await readdir(join(folder, 'runs'))).toEqual(['colors-001']);
  });
});
