import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Detection, loadDetector } from '../../../src/detection/detector.ts';
import { readOnnx } from '../../../src/executors/onnx/read.ts';
import { createSession } from '../../../src/executors/onnx/session/session.ts';
import { exportOnnx, type OnnxExportOptions } from '../../../src/models/compile/compile.ts';
import { shippedModelPath } from '../../../src/models/fetch/catalog.ts';
import { readDarknet } from '../../../src/models/formats/darknet/read.ts';
import { loadModel } from '../../../src/models/load.ts';
import { DEFAULT_RECIPE, type Model } from '../../../src/models/model.ts';
import { buildNetwork } from '../../../src/network/registry.ts';
import type { DetectOptions } from '../../../src/options/detect.ts';
import { describeWithData } from '../../data-folder.ts';
import { randomWeights } from '../../network/random-weights.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { tinyModel } from '../tiny-model.ts';

const folder = temporaryFolder();
const picture = (name: string) => fileURLToPath(new URL(`../../../docs/images/${name}`, import.meta.url));
const PICTURES = [picture('meadow.jpg'), picture('cells.jpg')];
const LOOSE = { scoreThreshold: 0.05 };
const suppression = { iouThreshold: 0.45, scoreThreshold: 0.05, maxDetections: 100 };

async function detections(
  model: string | Model,
  options: DetectOptions = {},
): Promise<readonly (readonly Detection[])[]> {
  await using detector = await loadDetector(model);
  const found = [];
  for (const path of PICTURES) found.push(await detector.detect(path, options));
  return found;
}

/** Detections of a model's export, from this library. */
async function exportedDetections(
  model: Model,
  name: string,
  options: OnnxExportOptions,
  found: DetectOptions,
) {
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, exportOnnx(model, options));
  return await detections(path, found);
}

/** Largest differences of boxes, in pixels, and of scores. */
function differences(found: readonly (readonly Detection[])[], expected: readonly (readonly Detection[])[]) {
  expect(found.map((list) => list.map(({ label }) => label))).toEqual(
    expected.map((list) => list.map(({ label }) => label)),
  );
  const pairs = found.flatMap((list, image) =>
    list.map((one, place) => [one, expected[image]![place]!] as const),
  );
  expect(pairs.length).toBeGreaterThan(0);
  return {
    box: Math.max(...pairs.flatMap(([a, b]) => a.box.map((side, place) => Math.abs(side - b.box[place]!)))),
    score: Math.max(...pairs.map(([a, b]) => Math.abs(a.score - b.score))),
  };
}

function regionModel(): Model {
  const network = buildNetwork('mobilenet-v2:0.35/region', { size: 96, classes: 3 });
  const weights = randomWeights(network, 8);
  return { network, weights, classes: ['a', 'b', 'c'], recipe: DEFAULT_RECIPE, provenance: {} };
}

/** Checks that a decoded export finds what the model finds, and so does a suppressed one. */
function describeModel(name: string, load: () => Promise<Model>): void {
  describe(name, () => {
    let model: Model;
    let expected: readonly (readonly Detection[])[];
    beforeAll(async () => {
      model = await load();
      expected = await detections(model, LOOSE);
    });

    test.each([
      ['decoded', { decode: true }],
      ['suppressed', { suppression }],
    ])('%s inside the graph gives the boxes of the model', async (kind, options) => {
      const found = await exportedDetections(model, `${name}-${kind}`, options, LOOSE);
      const { box, score } = differences(found, expected);
      expect(box).toBeLessThan(0.01);
      expect(score).toBeLessThan(1e-5);
    });
  });
}

describeModel('micro-yolo-coco', async () => (await loadModel(shippedModelPath('micro-yolo-coco')!)).model);
describeModel('a model of two classes', async () => tinyModel());
describeModel('a region head', async () => regionModel());
describeWithData('decoded', (data) =>
  describeModel('MobileNetV2-YOLOv3-Nano', async () => {
    return (await readDarknet(join(data, 'darknet/MobileNetV2-YOLOv3-Nano-coco.cfg'))).model;
  }),
);

test('a suppressed export of a batch keeps images separate and pads with empty rows', async () => {
  const pixels = Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, at) => (at * 37) % 251);
  const loose = { iouThreshold: 0.45, scoreThreshold: 0.001, maxDetections: 500 };
  await using session = await createSession(exportOnnx(tinyModel(), { suppression: loose }));
  const run = (count: number, from = 0) =>
    session.run({
      image: { shape: [count, 64, 64, 3], data: pixels.subarray(from * 12288, (from + count) * 12288) },
    });
  const both = await run(2);
  // 4 cells, 2 anchors and 2 classes: there are no more.
  expect(both['boxes']!.shape).toEqual([2, 16, 4]);
  expect(both['scores']!.shape).toEqual([2, 16]);
  expect(both['labels']!.shape).toEqual([2, 16]);
  const scores = [...both['scores']!.data].map(Number);
  const labels = [...both['labels']!.data].map(Number);
  expect(scores.map((score) => score > 0)).toEqual(labels.map((label) => label >= 0));
  expect(labels).toContain(-1);
  expect(scores.slice(0, 16)).toEqual(scores.slice(0, 16).toSorted((a, b) => b - a));
  const second = await run(1, 1);
  expect([...second['scores']!.data].map(Number)).toEqual(scores.slice(16));
});

test('keeps at most the given number of detections per image, the best', async () => {
  const few = { ...suppression, maxDetections: 2 };
  const found = await exportedDetections(tinyModel(), 'few', { suppression: few }, LOOSE);
  const expected = await detections(tinyModel(), { ...LOOSE, maxDetections: 2 });
  expect(found.map((list) => list.map(({ label }) => label))).toEqual(
    expected.map((list) => list.map(({ label }) => label)),
  );
});

test('the metadata says what the file computes', () => {
  const read = (options: OnnxExportOptions) =>
    JSON.parse(readOnnx(exportOnnx(tinyModel(), options), 'a.onnx').metadata['micro-yolo']!);
  expect(read({ decode: true })).toMatchObject({ classes: ['circle', 'square'], decoded: true, nms: false });
  expect(read({ suppression })).toMatchObject({ decoded: true, nms: true, suppression });
});

test('half precision halves the file and moves boxes by less than one pixel', async () => {
  const { model } = await loadModel(shippedModelPath('micro-yolo-coco')!);
  expect(exportOnnx(model, { half: true }).length).toBeLessThan(0.52 * exportOnnx(model).length);
  const confident = { scoreThreshold: 0.5 };
  const found = await exportedDetections(model, 'half', { decode: true, half: true }, confident);
  expect(differences(found, await detections(model, confident)).box).toBeLessThan(1);
});
