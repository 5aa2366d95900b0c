import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { xywhToXyxy } from '../../src/boxes/formats.ts';
import { iou } from '../../src/boxes/iou.ts';
import { detectMany } from '../../src/detection/detect-many.ts';
import { type Detection, type Detector, loadDetector } from '../../src/detection/detector.ts';
import { initializeWeights } from '../../src/models/initialize.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { buildDetector } from '../../src/network/registry.ts';
import type { DetectOptions } from '../../src/options/detect.ts';
import { noisePicture } from '../image/pictures.ts';
import { tinyModel } from '../models/tiny-model.ts';

const all = { scoreThreshold: 0, maxDetections: 1000 } as const;

let detector: Detector;
let photo: Buffer;
beforeAll(async () => {
  detector = await loadDetector(tinyModel());
  photo = await noisePicture(120, 80).png().toBuffer();
});
afterAll(() => detector[Symbol.asyncDispose]());

test('sorts detections by descending score', async () => {
  const scores = (await detector.detect(photo, all)).map(({ score }) => score);
  expect(scores.length).toBeGreaterThan(5);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

test('refuses options out of range before any image is read', async () => {
  const many = detectMany(detector, ['nowhere.jpg'], { maxPixels: -1 });
  await expect(many.next()).rejects.toThrow('maxPixels -1: expected a whole number from 1');
  await expect(detector.prepare(photo, { maxPixels: 0 })).rejects.toThrow('maxPixels 0: expected a whole');
});

test('an encoded file and its pixels give the same detections', async () => {
  const { data, info } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = { data, width: info.width, height: info.height };
  expect(await detector.detect(pixels, all)).toEqual(await detector.detect(photo, all));
});

test('accepts ImageData with alpha', async () => {
  const { data, info } = await sharp(photo).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const imageData = { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  expect(await detector.detect(imageData, all)).toEqual(await detector.detect(photo, all));
});

test('detects with a region head, whose class scores are a softmax', async () => {
  const network = buildDetector('yolo-lite', { classes: 2, size: 64 });
  const weights = new Map(initializeWeights(network, 4));
  // Objects everywhere.
  weights.set('head.logits.bias', { shape: [35], data: new Float32Array(35).fill(3) });
  await using old = await loadDetector({ ...tinyModel(), network, weights });
  // Without suppression, each of 2 × 2 cells and five anchors gives a box of either class.
  const found = await old.detect(photo, { ...all, iouThreshold: 1, clip: false });
  expect(found).toHaveLength(2 * 2 * 5 * 2);
  const byBox = new Map<string, number>();
  for (const { box, score } of found) byBox.set(`${box}`, (byBox.get(`${box}`) ?? 0) + score);
  expect([...byBox.values()].every((objectness) => objectness > 0 && objectness < 1.000001)).toBe(true);
});

test('selects the suppression by name and refuses an unknown one', async () => {
  const greedy = await detector.detect(photo, all);
  expect(await detector.detect(photo, { ...all, nms: 'cluster' })).toEqual(greedy);
  const weighted = await detector.detect(photo, { ...all, nms: 'cluster-weighted' });
  expect(weighted.map(({ score }) => score)).toEqual(greedy.map(({ score }) => score));
  expect(weighted).not.toEqual(greedy);
  await expect(detector.detect(photo, { ...all, nms: 'soft' as 'greedy' })).rejects.toThrow(
    'nms "soft": expected greedy, diou, soft-linear, soft-gaussian, weighted, cluster, cluster-diou, cluster-weighted',
  );
});

test('every detection scores above the threshold', async () => {
  const found = await detector.detect(photo, all);
  const middle = found[Math.floor(found.length / 2)]!.score;
  const above = await detector.detect(photo, { ...all, scoreThreshold: middle });
  expect(above.every(({ score }) => score > middle)).toBe(true);
  expect(above.length).toBeGreaterThan(0);
});

test('maxDetections keeps the best', async () => {
  const found = await detector.detect(photo, all);
  expect(await detector.detect(photo, { ...all, maxDetections: 3 })).toEqual(found.slice(0, 3));
});

test('keeps boxes inside the image unless clip is off', async () => {
  const outside = ({ box: [left, top, width, height] }: Detection) =>
    left < 0 || top < 0 || left + width > 120.000001 || top + height > 80.000001;
  expect((await detector.detect(photo, all)).some(outside)).toBe(false);
  expect((await detector.detect(photo, { ...all, clip: false })).some(outside)).toBe(true);
});

test('agnostic leaves no two overlapping boxes of any class', async () => {
  const overlapping = (found: readonly Detection[]) =>
    found.some((a, i) => found.slice(i + 1).some((b) => iou(xywhToXyxy(a.box), xywhToXyxy(b.box)) > 0.45));
  const options = { ...all, clip: false };
  expect(overlapping(await detector.detect(photo, options))).toBe(true);
  expect(overlapping(await detector.detect(photo, { ...options, agnostic: true }))).toBe(false);
});

test('a batch gives the same results as its images one by one', async () => {
  const size = 64 * 64 * 3;
  const pixels = Uint8Array.from({ length: 3 * size }, (_, index) => (index * 97) % 256);
  const batch = (await detector.run(pixels))['head']!;
  for (const image of [0, 1, 2]) {
    const alone = (await detector.run(pixels.slice(image * size, (image + 1) * size)))['head']!;
    const values = alone.data.length;
    const part = batch.data.subarray(image * values, (image + 1) * values);
    part.forEach((value, i) => {
      expect(Math.abs(value - alone.data[i]!)).toBeLessThan(1e-5);
    });
  }
});

test('returns the maps of the requested layers, from which the logits follow', async () => {
  const model = tinyModel();
  await using other = await loadDetector(model, { features: ['block4.act', 'block2.norm', 'head'] });
  const maps = await other.run(new Uint8Array(3 * 64 * 64).map((_, i) => (i * 37) % 251));
  expect(Object.keys(maps).sort()).toEqual(['block2.norm', 'block4.act', 'head']);
  expect(maps['block2.norm']!.shape).toEqual([1, 8, 8, 8]);
  const features = maps['block4.act']!;
  expect(features.shape).toEqual([1, 16, 2, 2]);
  const [weight, bias] = ['weight', 'bias'].map((key) => model.weights.get(`logits.${key}`)!.data);
  const logits = Array.from({ length: 14 * 4 }, (_, i) => {
    const [out, cell] = [Math.floor(i / 4), i % 4];
    const products = Array.from(
      { length: 16 },
      (_, c) => weight![16 * out + c]! * features.data[4 * c + cell]!,
    );
    return bias![out]! + products.reduce((sum, product) => sum + product);
  });
  for (const [i, logit] of logits.entries()) expect(maps['head']!.data[i]).toBeCloseTo(logit, 4);
});

test('size changes the network input', async () => {
  await using wide = await loadDetector(tinyModel(), { size: { width: 128, height: 64 } });
  expect(wide.input).toEqual({ width: 128, height: 64 });
  expect((await wide.run(new Uint8Array(128 * 64 * 3)))['head']!.shape).toEqual([1, 14, 2, 4]);
});

test('bgr models see the channels in reverse order', async () => {
  const model = tinyModel();
  await using bgr = await loadDetector({ ...model, recipe: { ...model.recipe, colorOrder: 'bgr' } });
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 89) % 256);
  const reversed = pixels.map((_, index) => pixels[index - (index % 3) + (2 - (index % 3))]!);
  const [expected, found] = [(await detector.run(pixels))['head']!, (await bgr.run(reversed))['head']!];
  found.data.forEach((value, i) => {
    expect(Math.abs(value - expected.data[i]!)).toBeLessThan(1e-5);
  });
});

test('applies mean and std before the network', async () => {
  const model = tinyModel();
  await using shifted = await loadDetector({ ...model, recipe: { ...model.recipe, mean: 100, std: 50 } });
  await using scaled = await loadDetector({ ...model, recipe: { ...model.recipe, mean: 0, std: 50 } });
  const gray = (value: number) => new Uint8Array(64 * 64 * 3).fill(value);
  const [a, b] = [(await shifted.run(gray(200)))['head']!, (await scaled.run(gray(100)))['head']!];
  a.data.forEach((value, i) => {
    expect(Math.abs(value - b.data[i]!)).toBeLessThan(1e-5);
  });
});

test('undefined options use the defaults', async () => {
  const options = { scoreThreshold: undefined, clip: undefined } as unknown as DetectOptions;
  expect(await detector.detect(photo, options)).toEqual(await detector.detect(photo));
});

test('shows all classes that share a label', async () => {
  await using twins = await loadDetector({ ...tinyModel(), classes: ['shape', 'shape'] });
  const found = await twins.detect(photo, { ...all, classes: ['shape'] });
  expect(new Set(found.map(({ classId }) => classId))).toEqual(new Set([0, 1]));
});

test('drops a box that lies outside the image', async () => {
  const flat = { data: new Uint8Array(64 * 8 * 3).fill(90), width: 64, height: 8 };
  const found = await detector.detect(flat, all);
  expect(found.every(({ box: [, , width, height] }) => width > 0 && height > 0)).toBe(true);
  expect(found.length).toBeLessThan((await detector.detect(flat, { ...all, clip: false })).length);
  // Neither does it use up one of the slots.
  for (let places = 1; places <= found.length; places++) {
    const best = await detector.detect(flat, { ...all, maxDetections: places });
    expect(best).toEqual(found.slice(0, places));
  }
});

test('refuses an image prepared for another size', async () => {
  await using larger = await loadDetector(tinyModel(), { size: 128 });
  // As long as four of the smaller images.
  await expect(detector.inspectPrepared(await larger.prepare(photo))).rejects.toThrow(
    '49152 bytes of pixels: expected one image of 64 × 64 × 3',
  );
});

test('finishes a run in progress before its resources are freed', async () => {
  const disposed = await loadDetector(tinyModel());
  const run = disposed.run(new Uint8Array(64 * 64 * 3));
  await disposed[Symbol.asyncDispose]();
  expect((await run)['head']!.data.length).toBeGreaterThan(0);
});

test('can be disposed twice, and using it afterward throws', async () => {
  const disposed = await loadDetector(tinyModel());
  await disposed[Symbol.asyncDispose]();
  await disposed[Symbol.asyncDispose]();
  await expect(disposed.detect(photo)).rejects.toThrow('the network is disposed; load it again');
});

describe('refusals', () => {
  const cases = [
    {
      title: 'a threshold above 1',
      options: { scoreThreshold: 1.5 },
      says: 'scoreThreshold 1.5: expected a number from 0 to 1',
    },
    {
      title: 'a threshold that is not a number',
      options: { iouThreshold: Number.NaN },
      says: 'iouThreshold NaN: expected a number from 0 to 1',
    },
    {
      title: 'a maximum of 0 detections',
      options: { maxDetections: 0 },
      says: 'maxDetections 0: expected a whole number from 1 to 1000000',
    },
    {
      title: 'a maximum of 0 pixels',
      options: { maxPixels: 0 },
      says: 'maxPixels 0: expected a whole number from 1 to 9007199254740991',
    },
    {
      title: 'a maximum of half a detection',
      options: { maxDetections: 2.5 },
      says: 'maxDetections 2.5: expected a whole number from 1 to 1000000',
    },
    {
      title: 'an unknown class',
      options: { classes: ['sqare'] },
      says: 'class "sqare": the model does not have it; did you mean square?',
    },
  ];
  test.for(cases)('$title', async ({ options, says }) => {
    await expect(detector.detect(photo, options)).rejects.toThrow(says);
  });

  test('options in place of an image', async () => {
    const wrong = detector.detect('no-such-photo.jpg', { scoreThreshold: 2 });
    await expect(wrong).rejects.toThrow('scoreThreshold 2: expected a number from 0 to 1');
  });

  test('pixels that do not fill the image', async () => {
    await expect(detector.run(new Uint8Array(7))).rejects.toThrow(
      '7 bytes of pixels: expected images of 64 × 64 × 3',
    );
  });

  test('threads below 1', async () => {
    await expect(loadDetector(tinyModel(), { threads: 0 })).rejects.toThrow(
      'threads 0: expected a whole number from 1 to 1024',
    );
  });

  test('a size that is not an integer', async () => {
    await expect(loadDetector(tinyModel(), { size: 100.5 })).rejects.toThrow(
      'size 100.5: expected a whole number from 32 to 8192',
    );
  });

  test('features of a nonexistent layer', async () => {
    const loading = loadDetector(tinyModel(), { features: ['block9.act'] });
    await expect(loading).rejects.toThrow('features block9.act: tiny has no such layer');
  });

  test('a classifier', async () => {
    const builder = new NetworkBuilder([3, 32, 32]);
    const pooled = builder.globalAvgPool(
      'pool',
      builder.conv('conv', 'input', { outChannels: 4, kernel: 3 }),
    );
    builder.add({ type: 'classes', name: 'scores', inputs: [pooled], classes: 4, softmax: true });
    const network = builder.build('classifier');
    await expect(loadDetector({ ...tinyModel(), network })).rejects.toThrow('classifier: not a detector');
  });
});
