import { afterAll, beforeAll, expect, test } from 'vitest';
import { detectMany } from '../../src/detection/detect-many.ts';
import { type Detector, loadDetector } from '../../src/detection/detector.ts';
import { decodeImage, type RgbImage } from '../../src/image/decode.ts';
import { cutRegion } from '../../src/image/tiles/crop.ts';
import { tileRegions } from '../../src/image/tiles/tiles.ts';
import { noisePicture } from '../image/pictures.ts';
import { tinyModel } from '../models/tiny-model.ts';

let detector: Detector;
let photo: RgbImage;
/** Every box counts and none is suppressed. */
const all = { scoreThreshold: 0.2, iouThreshold: 1, maxDetections: 100_000 };

beforeAll(async () => {
  detector = await loadDetector(tinyModel(), { threads: 1 });
  photo = await decodeImage(await noisePicture(200, 140).png().toBuffer());
});
afterAll(() => detector[Symbol.asyncDispose]());

test('a tile as large as the photo changes nothing', async () => {
  const options = { scoreThreshold: 0.05 };
  const plain = await detector.detect(photo, options);
  const tiled = await detector.detect(photo, { ...options, tile: 256 });
  expect(tiled.map(({ label, score }) => [label, score])).toEqual(
    plain.map(({ label, score }) => [label, score]),
  );
  for (const [index, { box }] of plain.entries())
    for (const [side, value] of box.entries()) expect(tiled[index]!.box[side]).toBeCloseTo(value, 6);
});

test('finds what the photo and its tiles show, each box in its place', async () => {
  const [tile, overlap] = [96, 0.25];
  const regions = tileRegions(photo, { width: tile, height: tile }, overlap).flat();
  const parts = [{ left: 0, top: 0, width: 200, height: 140 }, ...regions];
  const key = (label: string, score: number, box: readonly number[]) =>
    `${label} ${score.toFixed(5)} ${box.map((side) => side.toFixed(3)).join(' ')}`;
  const expected = new Set<string>();
  for (const region of parts) {
    for (const { label, score, box } of await detector.detect(cutRegion(photo, region), {
      ...all,
      clip: false,
    })) {
      const [left, top, width, height] = box;
      expected.add(key(label, score, [left + region.left, top + region.top, width, height]));
    }
  }
  const found = await detector.detect(photo, { ...all, clip: false, tile, overlap });
  const whole = await detector.detect(photo, { ...all, clip: false });
  expect(found.length).toBeGreaterThan(whole.length);
  expect(found.length).toBeLessThanOrEqual(expected.size);
  for (const { label, score, box } of found) expect(expected).toContain(key(label, score, box));
});

test('many tiled photos come in order, and a bad one with its error', async () => {
  const bad = new Uint8Array([1, 2, 3]);
  const results: string[] = [];
  for await (const { result, error } of detectMany(detector, [photo, bad, photo], { tile: 96 }))
    results.push(error ? error.code : `${result.width}×${result.height}`);
  expect(results).toEqual(['200×140', 'invalid-file', '200×140']);
});

test.each([
  [{ overlap: 0.2 }, /`overlap` 0.2: has no effect without tiles; pass `tile` too/],
  [{ tile: 8 }, /tile 8: expected a whole number from 32 to 65536/],
  [{ tile: 64, overlap: 1 }, /overlap 1: expected a number from 0 to 0.9/],
])('%j is refused', async (options, problem) => {
  await expect(detector.detect(photo, options)).rejects.toThrow(problem);
});

test.for([{}, { tile: 32 }])('an aborted signal ends the detection in one image: %j', async (options) => {
  await expect(
    detector.detect(photo, { ...options, signal: AbortSignal.abort('enough') }),
  ).rejects.toMatchObject({ code: 'interrupted', cause: 'enough' });
  const stop = new AbortController();
  const found = detector.detect(photo, { ...options, signal: stop.signal });
  stop.abort('later');
  await expect(found).rejects.toMatchObject({ code: 'interrupted', cause: 'later' });
});

test('an abort between tiles yields no result', async () => {
  const stop = new AbortController();
  const many = detectMany(detector, [photo], { tile: 32, signal: stop.signal });
  setTimeout(() => stop.abort('enough'));
  await expect(many.next()).rejects.toMatchObject({ code: 'interrupted', cause: 'enough' });
});
