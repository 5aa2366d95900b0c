import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { placeImage, toInput } from '../../../src/image/letterbox.ts';
import { augment, type LabeledSource } from '../../../src/training/augmentation/augment.ts';
import { cleanAugmentation } from '../../../src/training/augmentation/clean.ts';
import { flipHorizontally, flipVertically } from '../../../src/training/augmentation/flip.ts';
import type { LabeledImage } from '../../../src/training/augmentation/labeled-image.ts';
import {
  AUGMENTATION_DEFAULTS,
  type AugmentationOptions,
  augmentationSchema,
  NO_AUGMENTATION,
} from '../../../src/training/augmentation/options.ts';
import { largestDifference, rejection } from '../../image/pictures.ts';
import {
  anyRedRectangle,
  black,
  expectInside,
  expectRedInBox,
  fingerprint,
  noise,
  redRectangle,
} from './painted.ts';

const INPUT = { width: 96, height: 64 };
const EVERYTHING: AugmentationOptions = augmentationSchema.parse({
  mosaic: 0.7,
  mosaicTiles: 9,
  degrees: 15,
  shear: 5,
  flipVertical: 0.5,
  mixup: 0.5,
  copies: 4,
  blur: 0.5,
  jpeg: 0.5,
  crop: 0.5,
});

function sourceOf(images: readonly LabeledImage[]): LabeledSource {
  return { count: images.length, load: async (index) => images[index]! };
}

function countingSource(images: readonly LabeledImage[]): LabeledSource & { readonly loads: number } {
  let loads = 0;
  const load = async (index: number) => {
    loads++;
    return images[index]!;
  };
  return {
    count: images.length,
    load,
    get loads() {
      return loads;
    },
  };
}

const scenes = Array.from({ length: 7 }, (_, i) => anyRedRectangle(i));
const odd: readonly LabeledImage[] = [
  redRectangle({ width: 1, height: 1 }, [0, 0, 1, 1]),
  redRectangle({ width: 3, height: 500 }, [0, 100, 3, 300]),
  redRectangle({ width: 500, height: 3 }, [100, 0, 300, 3]),
  black({ width: 33, height: 77 }),
  { image: noise({ width: 90, height: 60 }), objects: [] },
];

function run(images: readonly LabeledImage[], options: AugmentationOptions, seed: number) {
  const source = sourceOf(images);
  return augment(seed % images.length, source, INPUT, options, uniformRandom(seed), 114);
}

describe('augment', () => {
  test.each([
    ['by default', AUGMENTATION_DEFAULTS],
    ['with everything', EVERYTHING],
  ])('%s gives the same bytes for the same seed, and others for another', async (_, options) => {
    for (let seed = 0; seed < 10; seed++) {
      const first = fingerprint(await run(scenes, options, seed));
      expect(fingerprint(await run(scenes, options, seed))).toBe(first);
      expect(fingerprint(await run(scenes, options, seed + 7))).not.toBe(first);
    }
  });

  test('does not depend on how long images take to load', async () => {
    const quick = sourceOf(scenes);
    const load = async (index: number) => {
      await new Promise((done) => setTimeout(done, (index * 7) % 5));
      return quick.load(index);
    };
    for (let seed = 0; seed < 5; seed++) {
      const [slow, fast] = await Promise.all(
        [{ ...quick, load }, quick].map((source) =>
          augment(0, source, INPUT, EVERYTHING, uniformRandom(seed), 114),
        ),
      );
      expect(fingerprint(slow!)).toBe(fingerprint(fast!));
    }
  });

  test('does not change the source images', async () => {
    const before = scenes.map(fingerprint);
    for (let seed = 0; seed < 20; seed++) await run(scenes, EVERYTHING, seed);
    expect(scenes.map(fingerprint)).toEqual(before);
  });

  test.each([
    ['any images', scenes],
    ['odd images', odd],
    ['a single image', [odd[1]!]],
  ])('gives an image of the input’s size with boxes inside it, from %s', async (_, images) => {
    for (let seed = 0; seed < 40; seed++) {
      const { image, objects } = await run(images, EVERYTHING, seed);
      expect([image.width, image.height]).toEqual([INPUT.width, INPUT.height]);
      expect(image.data).toHaveLength(3 * INPUT.width * INPUT.height);
      expectInside(objects, INPUT);
    }
  });

  test('with flips, shift and scale keeps the painted rectangle in its box', async () => {
    const options = { ...NO_AUGMENTATION, scale: [0.5, 1.5], translate: 0.1 } as const;
    for (let seed = 0; seed < 60; seed++) {
      const flips = { flipHorizontal: 0.5, flipVertical: 0.5 };
      // One image per source: nothing else is red.
      const source = sourceOf([anyRedRectangle(seed)]);
      const result = await augment(0, source, INPUT, { ...options, ...flips }, uniformRandom(seed), 0);
      if (result.objects.length > 0) expectRedInBox(result);
    }
  });

  test.each([
    ['left and right', { flipHorizontal: 1 }, flipHorizontally],
    ['top and bottom', { flipVertical: 1 }, flipVertically],
  ] as const)('swaps %s as the flip does', async (_, flips, flip) => {
    for (const scene of [...scenes, { image: noise({ width: 90, height: 61 }), objects: [] }]) {
      const [plain, flipped] = await Promise.all(
        [NO_AUGMENTATION, { ...NO_AUGMENTATION, ...flips }].map((options) => run([scene], options, 1)),
      );
      const expected = flip(plain!);
      expect(largestDifference(flipped!.image.data, expected.image.data)).toBeLessThanOrEqual(2);
      flipped!.objects.forEach(({ box }, i) => {
        expect(largestDifference(box, expected.objects[i]!.box)).toBeLessThan(1e-9);
      });
    }
  });

  test('equals the letterbox without any augmentation', async () => {
    for (const scene of scenes) {
      const source = sourceOf([scene]);
      const { image, objects } = await augment(0, source, INPUT, NO_AUGMENTATION, uniformRandom(1), 114);
      const placement = placeImage(scene.image, INPUT, 'letterbox');
      toInput(scene.objects[0]!.box, placement).forEach((edge, i) => {
        expect(objects[0]!.box[i]).toBeCloseTo(edge, 9);
      });
      const border = placement.left > 0 || placement.top > 0;
      if (border) expect([...image.data.subarray(0, 3)]).toEqual([114, 114, 114]);
    }
  });

  test('makes as many mosaics as requested', async () => {
    const source = countingSource(scenes);
    const options = { ...NO_AUGMENTATION, mosaic: 0.3 };
    for (let seed = 0; seed < 400; seed++) await augment(0, source, INPUT, options, uniformRandom(seed), 0);
    // One image each, three more for a mosaic.
    const mosaics = (source.loads - 400) / 3;
    expect(mosaics / 400).toBeGreaterThan(0.24);
    expect(mosaics / 400).toBeLessThan(0.36);
  });

  test('an image that cannot be loaded is an error', async () => {
    const source = {
      count: 3,
      load: async (index: number) => {
        if (index === 0) return scenes[0]!;
        throw new Error(`no image ${index}`);
      },
    };
    const options = { ...NO_AUGMENTATION, mosaic: 1 };
    const failure = await rejection(augment(0, source, INPUT, options, uniformRandom(2), 0));
    expect(failure.message).toMatch(/no image [12]/);
  });

  test('loads one image each in the last epochs', async () => {
    const source = countingSource(scenes);
    const options = cleanAugmentation({ ...EVERYTHING, mosaic: 1, mixup: 1 });
    for (let seed = 0; seed < 20; seed++) await augment(0, source, INPUT, options, uniformRandom(seed), 0);
    expect(source.loads).toBe(20);
  });
});

test('every transform keeps weights and ignore flags with their boxes', async () => {
  const scene = (seed: number): LabeledImage => {
    const { image, objects } = anyRedRectangle(seed);
    const ignored = { box: [0, 0, image.width, image.height] as const, classId: 1, isIgnored: true };
    return { image, objects: [{ ...objects[0]!, weight: 0.25 }, ignored] };
  };
  const source = sourceOf([1, 2, 3, 4, 5].map(scene));
  let [objects, ignored] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const made = await augment(seed % 5, source, INPUT, EVERYTHING, uniformRandom(seed), 114);
    for (const { classId, weight, isIgnored } of made.objects) {
      expect([weight, isIgnored]).toEqual(classId === 0 ? [0.25, undefined] : [undefined, true]);
      if (classId === 0) objects++;
      else ignored++;
    }
  }
  expect(objects).toBeGreaterThan(20);
  expect(ignored).toBeGreaterThan(40);
});
