import { readFileSync } from 'node:fs';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import type { Tensor } from '../../../src/graph/operations.ts';
import { readDarknetNetwork } from '../../../src/models/formats/darknet/network.ts';
import { writeDarknetWeights } from '../../../src/models/formats/darknet/weights.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { withDetectionOutputs, yoloLayers } from '../../../src/network/detection-outputs.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { prepareModel } from '../../../src/tasks/train/prepare-model.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const root = temporaryFolder();
const tiny = join(root, 'tiny.safetensors');
await writeModel(tiny, tinyModel());

/** Images of 320 px with a box for each of these sides. */
function boxesOf(sides: readonly number[]): Dataset {
  const rows = sides.map((side, place) => {
    return {
      id: place + 1,
      image: 0,
      category: 0,
      box: [0, 0, side, side] as const,
      area: side ** 2,
      crowd: false,
    };
  });
  return {
    images: [{ id: 1, fileName: 'a.jpg', width: 320, height: 320 }],
    categories: [{ id: 1, name: 'thing' }],
    annotations: annotationTable(rows),
    imageFolder: '',
    extra: {},
  };
}

async function prepared(settings: Readonly<Record<string, unknown>>, sides: readonly number[]) {
  const resolved = resolveSettings({ data: 'boxes', size: 320, ...settings }, 'test');
  const notes: string[] = [];
  const { network } = await prepareModel(resolved, boxesOf(sides), (note) => notes.push(note));
  const heads = yoloLayers(network);
  return { network, heads, anchors: heads.flatMap(({ anchors }) => anchors), notes };
}

const SIDES = [10, 20, 40, 80, 160, 300];
const own = yoloLayers(buildDetector('micro-yolo', { classes: 1, size: 416 })).flatMap(
  ({ anchors }) => anchors,
);

test('a network by name gets the classes, the size and anchors of the data', async () => {
  const { network, heads, anchors, notes } = await prepared({ model: 'micro-yolo' }, SIDES);
  expect(network.input).toEqual([3, 320, 320]);
  expect(heads.map(({ classes }) => classes)).toEqual([1, 1]);
  expect(anchors.map(([width]) => Math.round(width!)).sort((a, b) => a - b)).toEqual(SIDES);
  // The coarse output has the large anchors.
  expect(Math.min(...heads[0]!.anchors.map(([width]) => width))).toBeGreaterThan(60);
  expect(notes.join('\n')).toMatch(/100\.0 % of the boxes overlap one by half or more, mean IoU 1\.000/);
});

test.each([
  ['with fewer sizes than anchors', {}, [10, 20]],
  ['if requested', { anchors: 'keep' }, SIDES],
])('keeps its own anchors, scaled to the input, %s', async (_, settings, sides) => {
  const { anchors } = await prepared({ model: 'micro-yolo', ...settings }, sides);
  anchors.forEach(([width, height], place) => {
    expect([width, height].map((side) => side! / (320 / 416))).toEqual(
      own[place]!.map((side) => expect.closeTo(side, 4)),
    );
  });
});

test.each([
  ['best-anchor', 1],
  ['shape-ratio', 2],
  ['sim-ota', 2],
  ['task-aligned', 2],
])('cells of a new network assigned by %s reach %i wide', async (assigner, reach) => {
  const { heads } = await prepared({ model: 'micro-yolo', loss: { assigner } }, SIDES);
  expect(heads.map(({ scaleXY }) => scaleXY ?? 1)).toEqual([reach, reach]);
});

test('a trained model keeps the order of its anchors, and their pixels at another size', async () => {
  const model = tinyModel();
  const turned = withDetectionOutputs(model.network, {
    classes: 2,
    anchors: yoloLayers(model.network).map(({ anchors }) => anchors.toReversed()),
  });
  const path = join(root, 'turned.safetensors');
  await writeModel(path, { ...model, network: turned });
  for (const size of [64, 128]) {
    const { heads } = await prepared({ model: path, size }, SIDES);
    expect(heads.map(({ anchors }) => anchors)).toEqual(yoloLayers(turned).map(({ anchors }) => anchors));
  }
});

test('a trained model keeps its anchors and the reach of its cells unless asked otherwise', async () => {
  const kept = await prepared({ model: tiny, size: 64 }, SIDES);
  expect(kept.anchors).toEqual(yoloLayers(tinyModel().network).flatMap(({ anchors }) => anchors));
  expect(kept.heads.map(({ scaleXY }) => scaleXY ?? 1)).toEqual([1]);
  const fitted = await prepared({ model: tiny, size: 64, anchors: 'fit' }, SIDES);
  expect(fitted.anchors).not.toEqual(kept.anchors);
});

test('transferred outputs bring their anchors and the reach of their cells, for any classes', async () => {
  const network = buildDetector('micro-yolo', { classes: 3, size: 64 });
  const source = withDetectionOutputs(network, {
    classes: 3,
    anchors: yoloLayers(network).map(({ anchors }) => anchors.map(([w, h]) => [w / 2, h / 3] as const)),
    scaleXY: 1.5,
  });
  const path = join(root, 'own.safetensors');
  const classes = ['other', 'thing', 'more'];
  await writeModel(path, { ...tinyModel(), network: source, classes, weights: initializeWeights(source, 3) });
  const given = { model: 'micro-yolo', weights: path };
  const kept = await prepared(given, SIDES);
  expect(kept.heads.map(({ anchors }) => anchors)).toEqual(yoloLayers(source).map(({ anchors }) => anchors));
  expect(kept.heads.map(({ scaleXY }) => scaleXY)).toEqual([1.5, 1.5]);
  expect(kept.notes.join('\n')).toMatch(/anchors .* px, kept with the transferred outputs: /);
  expect(kept.notes.join('\n')).toContain('1 of 1 classes taken by name from ');
  const fitted = await prepared({ ...given, anchors: 'fit' }, SIDES);
  expect(fitted.anchors.map(([width]) => Math.round(width!)).sort((a, b) => a - b)).toEqual(SIDES);
  expect(fitted.notes.join('\n')).toMatch(/anchors .* px, fitted to the boxes: /);
});

describe('a Darknet model', () => {
  const cfg = join(root, 'net.cfg');
  const darknet = () => readDarknetNetwork(readFileSync(cfg, 'utf8'), cfg);
  const filled = () =>
    new Map(
      [...initializeWeights(darknet().network, 5)].map(([name, { shape, data }]): [string, Tensor] => [
        name,
        { shape, data: data.fill(0.5) },
      ]),
    );
  const start = async (weights: string | null) => {
    const settings = resolveSettings({ data: 'boxes', size: 64, model: cfg, weights }, 'test');
    const notes: string[] = [];
    const made = await prepareModel(settings, boxesOf(SIDES), (note) => notes.push(note));
    const isTaken = (name: string) => made.weights.get(name)!.data.every((value) => value === 0.5);
    return { notes: notes.join('\n'), taken: ['0.conv.weight', '1.conv.weight'].filter(isTaken) };
  };

  beforeAll(async () => {
    const layers = [
      'filters=4\nsize=3\nstride=32\npad=1\nbatch_normalize=1\nactivation=leaky',
      'filters=6\nactivation=linear',
    ];
    const sections = layers.map((layer) => `[convolutional]\n${layer}\n`).join('');
    await writeFile(cfg, `[net]\nwidth=64\nheight=64\n${sections}[yolo]\nanchors=20,20\nclasses=1\n`);
    await writeFile(join(root, 'net.names'), 'thing\n');
    const bytes = writeDarknetWeights(darknet(), filled());
    await writeFile(join(root, 'final.weights'), bytes);
    // The header, a norm with four channels, a kernel.
    await writeFile(join(root, 'net.conv.1'), bytes.subarray(0, 20 + 4 * (4 * 4 + 4 * 3 * 9)));
  });

  test('starts at random without weights', async () => {
    const { notes, taken } = await start(null);
    expect(taken).toEqual([]);
    expect(notes).toMatch(/net\.cfg starts from random weights, because \S+net\.weights does not exist/);
  });

  test('uses the named weights, all of them or the first convolutions', async () => {
    const whole = await start(join(root, 'final.weights'));
    expect(whole.taken).toEqual(['0.conv.weight', '1.conv.weight']);
    expect(whole.notes).toMatch(/1 of 1 classes taken by name from \S+final\.weights: thing/);
    const partial = await start(join(root, 'net.conv.1'));
    expect(partial.taken).toEqual(['0.conv.weight']);
    expect(partial.notes).toMatch(
      /net\.conv\.1, which has 1 of its 2 convolutions; the others start at random/,
    );
  });

  test('uses the weights next to it', async () => {
    const beside = join(root, 'net.weights');
    await copyFile(join(root, 'final.weights'), beside);
    expect((await start(null)).taken).toEqual(['0.conv.weight', '1.conv.weight']);
    await rm(beside);
  });

  test('is refused if its weights are missing', async () => {
    await expect(start(join(root, 'none.weights'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('records which weights a model started from, and their terms', async () => {
  const licensed = join(root, 'licensed.safetensors');
  await writeModel(licensed, {
    ...tinyModel(),
    provenance: { source: 'a laboratory', license: 'Apache-2.0' },
  });
  const settings = resolveSettings({ data: 'boxes', size: 64, model: licensed }, 'test');
  const { provenance } = await prepareModel(settings, boxesOf(SIDES), () => {});
  expect(provenance).toEqual({
    'initial weights': 'licensed.safetensors: a laboratory',
    license: 'Apache-2.0',
  });
  const second = join(root, 'second.safetensors');
  await writeModel(second, { ...tinyModel(), provenance: { source: 'trained', ...provenance } });
  const next = await prepareModel({ ...settings, model: second }, boxesOf(SIDES), () => {});
  expect(next.provenance).toEqual(provenance);
});
