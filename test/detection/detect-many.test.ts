import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectMany } from '../../src/detection/detect-many.ts';
import { type Detector, loadDetector } from '../../src/detection/detector.ts';
import type { ImageSources } from '../../src/image/prepare-ahead.ts';
import { noisePicture } from '../image/pictures.ts';
import { tinyModel } from '../models/tiny-model.ts';

let detector: Detector;
let photos: readonly Buffer[];
beforeAll(async () => {
  detector = await loadDetector(tinyModel(), { threads: 1 });
  photos = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => noisePicture(80, 60, seed).png().toBuffer()));
});
afterAll(() => detector[Symbol.asyncDispose]());

/** A stream of photos that counts how many were requested. */
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

test('an iterable gives the same results as a list, in order', async () => {
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

test('requests at most one image ahead from a stream', async () => {
  const asked = { count: 0, closed: false };
  let done = 0;
  for await (const { result } of detectMany(detector, stream(asked))) {
    expect(result).toBeDefined();
    done++;
    expect(asked.count).toBeLessThanOrEqual(done + 1);
  }
  expect(done).toBe(photos.length);
});

test('closes a stream that the caller stops reading', async () => {
  const asked = { count: 0, closed: false };
  for await (const _ of detectMany(detector, stream(asked))) break;
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked.closed).toBe(true);
  expect(asked.count).toBeLessThan(photos.length);
});

test.each([{ batch: 2 }, { ahead: 2 }])('refuses %j with tiles', async (options) => {
  const many = detectMany(detector, [], { ...options, tile: 64 });
  await expect(many.next()).rejects.toThrow(
    /^`(batch|ahead)` 2: has no effect with `tile`.*; leave out one$/,
  );
});

test('refuses a signal of another type', async () => {
  const many = detectMany(detector, [], { signal: 5 as never });
  await expect(many.next()).rejects.toThrow(/^signal 5: expected an AbortSignal/);
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

test('requests more images ahead if the caller asks for it', async () => {
  const asked = { count: 0, closed: false };
  const many = detectMany(detector, stream(asked), { ahead: 4 });
  await many.next();
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked.count).toBeGreaterThan(2);
  await many.return(undefined);
});

test('refuses an argument that is not a list of images', async () => {
  const many = detectMany(detector, 'photo.jpg' as never);
  await expect(many.next()).rejects.toMatchObject({ code: 'invalid-argument', field: 'sources' });
});

test('batches of any size give the same results as one photo at a time', async () => {
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

test('yields the first result before the source is exhausted, and requests no more images than needed', async () => {
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

test('a waiting source does not hold back finished results', async () => {
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

test('passes an error of the source to the caller', async () => {
  async function* broken() {
    yield photos[0]!;
    throw new Error('the camera is gone');
  }
  const results = detectMany(detector, broken());
  await results.next();
  await expect(results.next()).rejects.toThrow('the camera is gone');
});
