import { expect, test } from 'vitest';
import type { ImageObjects } from '../../../src/training/loader/objects.ts';
import { imagesPerEpoch, repeatedImages, repeatFactors } from '../../../src/training/loader/repeats.ts';

const showing = (...classIds: readonly number[]): ImageObjects => ({
  width: 10,
  height: 10,
  objects: classIds.map((classId) => ({ box: [0, 0, 5, 5], classId })),
});

/** Class 0 in all of 100 images, class 1 in 25, class 2 in one. */
const objects = Array.from({ length: 100 }, (_, image) =>
  showing(0, ...(image < 25 ? [1] : []), ...(image === 99 ? [2] : [])),
);
const all = objects.map((_, image) => image);

test('repeats an image by the square root of the threshold over the share of its rarest class', () => {
  const factors = repeatFactors(objects, all, 0.49)!;
  expect(factors[0]).toBeCloseTo(1.4, 12);
  expect(factors[50]).toBe(1);
  expect(factors[99]).toBeCloseTo(7, 12);
});

test('repeats nothing without a rare class', () => {
  expect(repeatFactors(objects, all, 0)).toBeUndefined();
  expect(repeatFactors(objects, all, 0.01)).toBeUndefined();
  expect(repeatedImages(all, undefined, 1, 0)).toBe(all);
});

test('shows images without objects, or with ignored boxes only, once', () => {
  const ignored: ImageObjects = {
    width: 10,
    height: 10,
    objects: [{ box: [0, 0, 5, 5], classId: 3, isIgnored: true }],
  };
  const factors = repeatFactors([showing(0), showing(), ignored, showing(0)], [0, 1, 2, 3], 1)!;
  expect(factors).toEqual([Math.SQRT2, 1, 1, Math.SQRT2]);
});

test('shares are relative to the usable images', () => {
  const factors = repeatFactors(objects, [0, 1, 99], 1)!;
  expect(factors.map((factor) => factor ** 2)).toEqual(
    [1.5, 1.5, 3].map((value) => expect.closeTo(value, 12)),
  );
});

test('every epoch shows the same number of images, each as often on average as its factor says', () => {
  const factors = repeatFactors(objects, all, 0.49)!;
  const count = imagesPerEpoch(all, factors);
  expect(count).toBe(Math.round(25 * 1.4 + 74 + 7));
  const shown = new Map<number, number>();
  for (let epoch = 0; epoch < 200; epoch++) {
    const epochImages = repeatedImages(all, factors, 1, epoch);
    expect(epochImages.length).toBe(count);
    const once = new Set(epochImages);
    expect(once.size).toBe(100);
    for (const image of epochImages) shown.set(image, (shown.get(image) ?? 0) + 1);
  }
  expect(shown.get(0)! / 200).toBeCloseTo(1.4, 1);
  expect(shown.get(50)! / 200).toBeCloseTo(1, 1);
  expect(shown.get(99)! / 200).toBeCloseTo(7, 0);
});

test('an epoch is the same for the same seed and differs for another', () => {
  const factors = repeatFactors(objects, all, 0.49)!;
  expect(repeatedImages(all, factors, 1, 3)).toEqual(repeatedImages(all, factors, 1, 3));
  const epochs = [0, 1, 2, 3, 4, 5].map((epoch) => String(repeatedImages(all, factors, 1, epoch)));
  expect(new Set(epochs).size).toBeGreaterThan(1);
});
