import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSession, type Session } from '../../src/executors/onnx/session/session.ts';
import { uniformRandom } from '../../src/foundation/random.ts';
import { compileModel } from '../../src/models/compile/compile.ts';
import {
  readModel,
  readModelDescription,
  writeModel,
} from '../../src/models/formats/safetensors/model-file.ts';
import { IMAGE_INPUT } from '../../src/models/forward/photograph.ts';
import { DEFAULT_RECIPE, type Model } from '../../src/models/model.ts';
import { classCount, outputLayers } from '../../src/network/layers.ts';
import {
  buildDetector,
  type DetectorName,
  detectorNames,
  isNetworkName,
} from '../../src/network/registry.ts';
import { relativeError } from '../graph/run-graph.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { randomWeights } from './random-weights.ts';

const CLASSES = ['cat', 'dog', 'été'];
const WIDTH = 96;
const HEIGHT = 64;
const PHOTO = HEIGHT * WIDTH * 3;

/** Anchors per scale, and strides. */
const HEADS: Readonly<Record<DetectorName, { anchors: number; strides: readonly number[] }>> = {
  'micro-yolo': { anchors: 3, strides: [32, 16] },
  'micro-yolo-base': { anchors: 3, strides: [32, 16] },
  'micro-yolo-plus': { anchors: 3, strides: [32, 16] },
  'micro-yolox': { anchors: 1, strides: [32, 16, 8] },
  'yolov3-tiny': { anchors: 3, strides: [32, 16] },
  'yolo-lite': { anchors: 5, strides: [32] },
  'yolo-nano': { anchors: 3, strides: [32, 16, 8] },
};

describe.each(detectorNames)('%s', (name) => {
  const network = buildDetector(name, { classes: 3, size: { width: WIDTH, height: HEIGHT } });
  const model: Model = {
    network,
    weights: randomWeights(network, 11),
    classes: CLASSES,
    recipe: DEFAULT_RECIPE,
    provenance: { source: 'test' },
  };
  const random = uniformRandom(12);
  const photos = Uint8Array.from({ length: 3 * PHOTO }, () => 256 * random());
  const folder = temporaryFolder();
  let session: Session;
  const run = (data: Uint8Array) =>
    session.run({ [IMAGE_INPUT]: { shape: [data.length / PHOTO, HEIGHT, WIDTH, 3], data } });

  beforeAll(async () => {
    session = await createSession(compileModel(model), { threads: 1 });
  });
  afterAll(() => session[Symbol.asyncDispose]());

  test('has its registered name', () => {
    expect(network.name).toBe(name);
  });

  test('is built for 80 classes at its own size by default', () => {
    const byDefault = buildDetector(name);
    const side = name === 'yolo-lite' ? 224 : 416;
    expect([classCount(byDefault), byDefault.input]).toEqual([80, [3, side, side]]);
  });

  test('has its heads, coarse first', async () => {
    const outputs = await run(photos);
    expect(session.outputs).toEqual(outputLayers(network).map((head) => head.name));
    const { anchors, strides } = HEADS[name];
    expect(session.outputs.map((head) => outputs[head]!.shape)).toEqual(
      strides.map((stride) => [3, anchors * (5 + 3), HEIGHT / stride, WIDTH / stride]),
    );
  });

  test('gives finite outputs that depend on the photo', async () => {
    for (const { data } of Object.values(await run(photos))) {
      expect(data.every(Number.isFinite)).toBe(true);
      const perPhoto = data.length / 3;
      expect(data.slice(0, perPhoto)).not.toEqual(data.slice(perPhoto, 2 * perPhoto));
    }
  });

  test('gives each image of a batch of three the same as alone', async () => {
    const together = await run(photos);
    for (const index of [0, 1, 2]) {
      const alone = await run(photos.subarray(index * PHOTO, (index + 1) * PHOTO));
      for (const [head, expected] of Object.entries(alone)) {
        const size = expected.data.length;
        const data = together[head]!.data.slice(index * size, (index + 1) * size);
        expect(relativeError({ shape: expected.shape, data }, expected)).toBeLessThan(1e-5);
      }
    }
  });

  test('reads back from a model file as it was written', async () => {
    const path = join(folder, 'model.safetensors');
    await writeModel(path, model);
    const read = await readModel(path);
    const { weights, ...description } = model;
    expect({ ...read, weights: undefined }).toEqual({ ...description, weights: undefined });
    expect(await readModelDescription(path)).toEqual(description);
    expect([...read.weights.keys()]).toEqual([...weights.keys()]);
    for (const [key, { shape, data }] of weights) {
      expect(read.weights.get(key)!.shape).toEqual(shape);
      expect(Buffer.compare(Buffer.from(read.weights.get(key)!.data.buffer), Buffer.from(data.buffer))).toBe(
        0,
      );
    }
  });
});

test.each([
  'yolov3',
  '',
  'constructor',
  '__proto__',
  'micro-yolo/model.safetensors',
  'micro-yolo.cfg',
  './micro-yolo',
  'runs/micro-yolo/best',
])('%j is not the name of a network', (name) => {
  expect(isNetworkName(name)).toBe(false);
});

test.each([
  'micro-yolo',
  'mobilenet-v2',
  'mobilenet-v2:0.5',
  'mobilenet-v2/nothing',
  'shufflenet-v1:width=0.5,groups=8/fpn',
  'yolov3-tiny/classes',
])('%j is meant as the name of a network', (name) => {
  expect(isNetworkName(name)).toBe(true);
});
