import { expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { randomCrop } from '../../../src/training/augmentation/crop.ts';
import { anyRedRectangle, expectInside, expectRedInBox, fingerprint, noise, redExtent } from './painted.ts';

const OPTIONS = { cropSide: [0.4, 1], minimumVisibility: 0.25 } as const;

test('a crop keeps the painted rectangle exactly in its box', () => {
  let kept = 0;
  for (let seed = 0; seed < 200; seed++) {
    const cropped = randomCrop(anyRedRectangle(seed), OPTIONS, uniformRandom(seed));
    expectInside(cropped.objects, cropped.image);
    if (cropped.objects.length === 0) continue;
    expectRedInBox(cropped);
    expect(redExtent(cropped.image)).toEqual(cropped.objects[0]!.box);
    kept++;
  }
  expect(kept).toBeGreaterThan(100);
});

test('keeps an object if enough of it is visible', () => {
  for (let seed = 0; seed < 200; seed++) {
    const scene = anyRedRectangle(seed);
    const { image, objects } = randomCrop(scene, OPTIONS, uniformRandom(seed));
    const [left, top, right, bottom] = scene.objects[0]!.box;
    const seen = redExtent(image);
    const area = seen === undefined ? 0 : (seen[2] - seen[0]) * (seen[3] - seen[1]);
    const narrow = seen === undefined || Math.min(seen[2] - seen[0], seen[3] - seen[1]) < 2;
    const visible = !narrow && area >= OPTIONS.minimumVisibility * (right - left) * (bottom - top);
    expect(objects).toHaveLength(visible ? 1 : 0);
  }
});

test('keeps sides within their limits, and crops odd images too', () => {
  for (const [width, height] of [
    [1, 1],
    [3, 500],
    [101, 57],
  ] as const) {
    const scene = { image: noise({ width, height }), objects: [] };
    const before = fingerprint(scene);
    for (let seed = 0; seed < 100; seed++) {
      const { image } = randomCrop(scene, OPTIONS, uniformRandom(seed));
      expect(image.data).toHaveLength(3 * image.width * image.height);
      expect(image.width).toBeGreaterThanOrEqual(Math.max(1, Math.round(0.4 * width)));
      expect(image.width).toBeLessThanOrEqual(width);
      expect(image.height).toBeGreaterThanOrEqual(Math.max(1, Math.round(0.4 * height)));
      expect(image.height).toBeLessThanOrEqual(height);
    }
    expect(fingerprint(scene)).toBe(before);
  }
});
