import { describe, expect, test } from 'vitest';
import { boxArea } from '../../../src/boxes/iou.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { paintTiles, randomAffine } from '../../../src/training/augmentation/affine.ts';
import type { LabeledImage } from '../../../src/training/augmentation/labeled-image.ts';
import { mapBox } from '../../../src/training/augmentation/matrix.ts';
import { mosaic } from '../../../src/training/augmentation/mosaic.ts';
import { sharedBox } from '../../../src/training/augmentation/visible-objects.ts';
import {
  anyRedRectangle,
  black,
  expectInside,
  expectRedInBox,
  fingerprint,
  noise,
  overhang,
  redExtent,
} from './painted.ts';

const INPUT = { width: 128, height: 128 };

function tilesOf(images: readonly LabeledImage[], seed: number, degrees = 0) {
  const random = uniformRandom(seed);
  const options = { scale: [0.5, 1.5], translate: 0.1, degrees, shear: 0 } as const;
  return mosaic(images, INPUT, (center) => randomAffine(center, INPUT, options, random), random);
}

/** Images of any size, only one of which has a red rectangle. */
function images(count: number, red: number, seed: number): readonly LabeledImage[] {
  return Array.from({ length: count }, (_, i) => {
    const scene = anyRedRectangle(100 * seed + i);
    return i === red ? scene : black(scene.image);
  });
}

describe.each([4, 9])('a mosaic of %i', (count) => {
  test('keeps the painted rectangle of each image in its box', () => {
    let seen = 0;
    for (let seed = 0; seed < 25 * count; seed++) {
      const result = paintTiles(tilesOf(images(count, seed % count, seed), seed), INPUT, 0.1, 0);
      expectInside(result.objects, INPUT);
      if (result.objects.length === 0) continue;
      expectRedInBox(result);
      seen++;
    }
    expect(seen).toBeGreaterThan(30);
  });

  test('keeps it in the box when rotated too', () => {
    let seen = 0;
    for (let seed = 0; seed < 40; seed++) {
      const result = paintTiles(tilesOf(images(count, seed % count, seed), seed, 40), INPUT, 0, 0);
      const red = redExtent(result.image);
      const [object] = result.objects;
      if (red === undefined || object === undefined) continue;
      expect(Math.max(...overhang(red, object.box))).toBeLessThanOrEqual(1);
      seen++;
    }
    expect(seen).toBeGreaterThan(10);
  });

  test('places images next to each other without overlap', () => {
    for (let seed = 0; seed < 100; seed++) {
      const places = tilesOf(images(count, 0, seed), seed).map(({ image, matrix }) =>
        mapBox(matrix, [0, 0, image.width, image.height]),
      );
      places.forEach((place, i) => {
        for (const other of places.slice(i + 1)) expect(boxArea(sharedBox(place, other))).toBeLessThan(1e-6);
      });
    }
  });

  test('does not change the input images', () => {
    const given = images(count, 1, 7);
    const before = given.map(fingerprint);
    paintTiles(tilesOf(given, 1), INPUT, 0.1, 0);
    expect(given.map(fingerprint)).toEqual(before);
  });
});

test('a mosaic of four images of the input’s shape leaves nothing empty if it is not shrunk', () => {
  const image = noise({ width: 64, height: 64 });
  const four = Array.from({ length: 4 }, () => ({ image, objects: [] }));
  for (let seed = 0; seed < 50; seed++) {
    const random = uniformRandom(seed);
    const still = { scale: [1, 1], translate: 0, degrees: 0, shear: 0 } as const;
    const tiles = mosaic(four, INPUT, (center) => randomAffine(center, INPUT, still, random), random);
    const onBlack = paintTiles(tiles, INPUT, 0, 0);
    const onWhite = paintTiles(tiles, INPUT, 0, 255);
    expect(fingerprint(onBlack)).toBe(fingerprint(onWhite));
  }
});
