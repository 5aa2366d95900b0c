import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectMany } from '../../src/detection/detect-many.ts';
import { type Detector, loadDetector } from '../../src/detection/detector.ts';
import type { ImageSources } from '../../src/image/prepare-ahead.ts';
import { noisePicture } from '../image/pictures.ts';
import { tinyModel } from '../models/tiny-model.ts';

let detector: Detector;
let photos: readonly Buffer[];
beforeAll(async () => {
  detector = await loadDetector(tinyModel());
  const sides = [40, 48, 56, 64, 72, 80];
  photos = await Promise.all(sides.map((side) => noisePicture(side, 40).png().toBuffer()));
});
afterAll(() => detector[Symbol.asyncDispose]());

/** A stream of photos that counts how many were asked of it. */
async function* stream(asked: { count: number; closed: boolean }) {
  try {
    for (const photo of photos) {
      asked.count++;
      yield photo;
    }
  } finally {
    asked.closed = true;
  }
}

test('sources that come one by one give what a list of them gives, in order', async () => {
  const found = async (sources: ImageSources<Buffer>) => {
    const all: unknown[] = [];
    for await (const { result } of detectMany(detector, sources)) all.push(result?.detections);
    return all;
  };
  const listed = await found(photos);
  const streamed = await found(stream({ count: 0, closed: false }));
  expect(streamed).toEqual(listed);
  expect(listed).toHaveLength(photos.length);
});

test('a stream is asked for one image ahead and no more', async () => {
  const asked = { count: 0, closed: false };
  let done = 0;
  for await (const { result } of detectMany(detector, stream(asked))) {
    expect(result).toBeDefined();
    done++;
    expect(asked.count).toBeLessThanOrEqual(done + 1);
  }
  expect(done).toBe(photos.length);
});

test('a stream is closed if nobody wants more of it', async () => {
  const asked = { count: 0, closed: false };
  for await (const _ of detectMany(detector, stream(asked))) break;
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked.closed).toBe(true);
  expect(asked.count).toBeLessThan(photos.length);
});

test('an aborted signal ends the work at once, even while a source waits', async () => {
  async function* waiting() {
    yield photos[0]!;
    await new Promise(() => {});
  }
  const stop = new AbortController();
  const many = detectMany(detector, waiting(), { signal: stop.signal });
  expect((await many.next()).done).toBe(false);
  const next = many.next();
  stop.abort('enough');
  await expect(next).rejects.toMatchObject({ code: 'interrupted', cause: 'enough' });
});

test('what is no list of images is refused', async () => {
  const many = detectMany(detector, 'photo.jpg' as never);
  await expect(many.next()).rejects.toMatchObject({ code: 'invalid-argument', field: 'sources' });
});
