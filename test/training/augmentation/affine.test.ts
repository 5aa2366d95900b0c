import { describe, expect, test } from 'vitest';
import { boxArea } from '../../../src/boxes/iou.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { placeImage, toInput } from '../../../src/image/letterbox.ts';
import { type AffineOptions, paintTiles, randomAffine } from '../../../src/training/augmentation/affine.ts';
import type { LabeledImage } from '../../../src/training/augmentation/labeled-image.ts';
import { letterbox } from '../../../src/training/augmentation/letterbox.ts';
import { mapBox } from '../../../src/training/augmentation/matrix.ts';
import {
  anyRedRectangle,
  expectInside,
  expectRedInBox,
  overhang,
  redExtent,
  redRectangle,
} from './painted.ts';

const INPUT = { width: 160, height: 128 };
const STILL: AffineOptions = { scale: [1, 1], translate: 0, degrees: 0, shear: 0 };
const MINIMUM_VISIBILITY = 0.1;

/** One image through the letterbox and a random view. */
function view(scene: LabeledImage, options: Partial<AffineOptions>, seed: number) {
  const random = uniformRandom(seed);
  const tiles = letterbox(scene, INPUT, (center) =>
    randomAffine(center, INPUT, { ...STILL, ...options }, random),
  );
  const result = paintTiles(tiles, INPUT, MINIMUM_VISIBILITY, 0);
  return { ...result, whole: mapBox(tiles[0]!.matrix, scene.objects[0]!.box) };
}

describe('a view of a letterboxed image', () => {
  test('equals the letterbox without any change', () => {
    for (let seed = 0; seed < 50; seed++) {
      const scene = anyRedRectangle(seed);
      const { objects } = view(scene, {}, seed);
      const expected = toInput(scene.objects[0]!.box, placeImage(scene.image, INPUT, 'letterbox'));
      expected.forEach((edge, i) => {
        expect(objects[0]!.box[i]).toBeCloseTo(edge, 9);
      });
    }
  });

  test.each<[string, Partial<AffineOptions>]>([
    ['still', {}],
    ['scaled', { scale: [0.4, 1.6] }],
    ['strongly shrunk', { scale: [0.15, 0.5] }],
    ['shifted', { translate: 0.3 }],
    ['scaled and shifted', { scale: [0.5, 1.5], translate: 0.1 }],
  ])('%s keeps the painted rectangle in its box, even if it is clipped', (_, options) => {
    let seen = 0;
    for (let seed = 0; seed < 150; seed++) {
      const result = view(anyRedRectangle(seed), options, seed);
      expectInside(result.objects, INPUT);
      if (result.objects.length === 0) continue;
      expectRedInBox(result);
      seen++;
    }
    expect(seen).toBeGreaterThan(100);
  });

  test.each<[string, Partial<AffineOptions>]>([
    ['rotated', { degrees: 180 }],
    ['sheared', { shear: 20 }],
    ['rotated, sheared, scaled and shifted', { degrees: 30, shear: 10, scale: [0.5, 1.2], translate: 0.1 }],
  ])(
    '%s keeps the painted rectangle in its box, and touches its sides if it is not clipped',
    (_, options) => {
      let touched = 0;
      for (let seed = 0; seed < 150; seed++) {
        const result = view(anyRedRectangle(seed), options, seed);
        expectInside(result.objects, INPUT);
        const [object] = result.objects;
        const red = redExtent(result.image);
        if (object === undefined || red === undefined) continue;
        expect(Math.max(...overhang(red, object.box))).toBeLessThanOrEqual(1);
        if (object.box.some((edge, i) => edge !== result.whole[i])) continue;
        expect(Math.min(...overhang(red, object.box))).toBeGreaterThanOrEqual(-1.5);
        touched++;
      }
      expect(touched).toBeGreaterThan(40);
    },
  );

  test('keeps an object exactly if enough of it is visible', () => {
    let [kept, dropped] = [0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const { objects, whole } = view(anyRedRectangle(seed), { translate: 0.8, scale: [0.1, 2] }, seed);
      const inside = [
        Math.max(0, whole[0]),
        Math.max(0, whole[1]),
        Math.min(INPUT.width, whole[2]),
        Math.min(INPUT.height, whole[3]),
      ] as const;
      const small = Math.min(inside[2] - inside[0], inside[3] - inside[1]) < 2;
      const visible = !small && boxArea(inside) >= MINIMUM_VISIBILITY * boxArea(whole);
      expect(objects).toHaveLength(visible ? 1 : 0);
      if (visible) kept++;
      else dropped++;
    }
    expect(Math.min(kept, dropped)).toBeGreaterThan(50);
  });

  test('keeps scale, rotation and shift within their limits', () => {
    const random = uniformRandom(8);
    const options = { scale: [0.5, 1.5], translate: 0.1, degrees: 30, shear: 0 } as const;
    for (let i = 0; i < 1000; i++) {
      const [a, b, c, d, e, f] = randomAffine([50, 40], INPUT, options, random);
      const scale = Math.hypot(a, d);
      expect(scale).toBeGreaterThanOrEqual(0.5);
      expect(scale).toBeLessThanOrEqual(1.5);
      expect(Math.abs(Math.atan2(d, a))).toBeLessThanOrEqual(Math.PI / 6 + 1e-12);
      expect(Math.abs(a * 50 + b * 40 + c - 80)).toBeLessThanOrEqual(16 + 1e-9);
      expect(Math.abs(d * 50 + e * 40 + f - 64)).toBeLessThanOrEqual(12.8 + 1e-9);
    }
  });

  test.each([
    [1, 1],
    [3, 500],
    [500, 3],
  ])('an image of %i×%i goes through any view', (width, height) => {
    for (let seed = 0; seed < 50; seed++) {
      const scene = redRectangle({ width, height }, [0, 0, width, height]);
      const options = { degrees: 180, shear: 20, scale: [0.2, 3], translate: 0.5 } as const;
      const { image, objects } = view(scene, options, seed);
      expect(image.data).toHaveLength(3 * INPUT.width * INPUT.height);
      expectInside(objects, INPUT);
    }
  });
});
