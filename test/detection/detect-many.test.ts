import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectMany } from '../../src/detection/detect-many.ts';
import { type Detector, loadDetector } from '../../src/detection/detector.ts';
import { noisePicture } from '../image/pictures.ts';
import { tinyModel } from '../models/tiny-model.ts';

let detector: Detector;
let photos: Buffer[];

beforeAll(async () => {
  detector = await loadDetector(tinyModel(), { threads: 1 });
  photos = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => noisePicture(80, 60, seed).png().toBuffer()));
});
afterAll(() => detector[Symbol.asyncDispose]());

test('batches of any size give what one photo after the other gives', async () => {
  const options = { scoreThreshold: 0.05 };
  const expected = [];
  for (const photo of photos) expected.push(await detector.detect(photo, options));
  for (const batch of [1, 2, 4, 16]) {
    const found = [];
    for await (const { result } of detectMany(detector, photos, { ...options, batch }))
      found.push(result!.detections);
    expect(found).toEqual(expected);
  }
});

test('the first result comes before the source has given all, and no more is taken than needed', async () => {
  let taken = 0;
  let isClosed = false;
  async function* endless() {
    try {
      for (;;) {
        taken++;
        yield photos[taken % photos.length]!;
      }
    } finally {
      isClosed = true;
    }
  }
  let seen = 0;
  for await (const { result } of detectMany(detector, endless())) {
    expect(result).toBeDefined();
    if (++seen === 3) break;
  }
  expect(taken).toBeLessThanOrEqual(3 + 33);
  expect(isClosed).toBe(true);
});

test('a source that waits does not hold back what is there', async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* slow() {
    yield photos[0]!;
    await gate;
    yield photos[1]!;
  }
  const results = detectMany(detector, slow());
  expect((await results.next()).value?.result).toBeDefined();
  release();
  expect((await results.next()).value?.result).toBeDefined();
  expect((await results.next()).done).toBe(true);
});

test('an error of the source reaches whoever asks', async () => {
  async function* broken() {
    yield photos[0]!;
    throw new Error('the camera is gone');
  }
  const results = detectMany(detector, broken());
  await results.next();
  await expect(results.next()).rejects.toThrow('the camera is gone');
});
