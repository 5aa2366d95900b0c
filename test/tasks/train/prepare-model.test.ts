import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { writeModel } from '../../../src/model/model-file.ts';
import { withDetectionOutputs, yoloLayers } from '../../../src/network/detection-outputs.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { prepareModel } from '../../../src/tasks/train/prepare-model.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { tinyModel } from '../../tiny-model.ts';

const root = temporaryFolder();
const tiny = join(root, 'tiny.safetensors');
await writeModel(tiny, tinyModel());

/** Images of 320 px with a box of each of these sides. */
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
  // The coarse output has the large ones.
  expect(Math.min(...heads[0]!.anchors.map(([width]) => width))).toBeGreaterThan(60);
  expect(notes.join('\n')).toMatch(/100\.0 % of the boxes overlap one by half or more, mean IoU 1\.000/);
});

test.each([
  ['with fewer sizes than anchors', {}, [10, 20]],
  ['where they are asked for', { anchors: 'keep' }, SIDES],
])('its own anchors stay, as large as the input is, %s', async (_, settings, sides) => {
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

test("a trained model keeps its anchors and its cells' reach, unless asked", async () => {
  const kept = await prepared({ model: tiny, size: 64 }, SIDES);
  expect(kept.anchors).toEqual(yoloLayers(tinyModel().network).flatMap(({ anchors }) => anchors));
  expect(kept.heads.map(({ scaleXY }) => scaleXY ?? 1)).toEqual([1]);
  const fitted = await prepared({ model: tiny, size: 64, anchors: 'fit' }, SIDES);
  expect(fitted.anchors).not.toEqual(kept.anchors);
});
