import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import type { RgbImage } from '../../../src/image/decode.ts';
import { resampleBilinear } from '../../../src/image/resample/bilinear.ts';
import { type Matrix, scaling, translation } from '../../../src/training/augmentation/matrix.ts';
import { warp } from '../../../src/training/augmentation/warp.ts';
import { largestDifference, meanDifference } from '../../image/pictures.ts';
import { noise } from './painted.ts';

type WidthHeight = readonly [width: number, height: number];
interface Warped {
  readonly image: WidthHeight;
  readonly canvas: WidthHeight;
  readonly matrix: Matrix;
  readonly step: number;
  readonly samples: readonly number[];
}

const FILL = 114;
const path = join(import.meta.dirname, 'fixtures', 'warped.json');
const goldens = JSON.parse(readFileSync(path, 'utf8')) as readonly Warped[];

function canvas(width: number, height: number): RgbImage {
  return { data: new Uint8Array(3 * width * height).fill(FILL), width, height };
}

/** The same as in scripts/goldens/augmentation.py. */
function photoLike([width, height]: WidthHeight): RgbImage {
  let state = (width * 65536 + height) >>> 0;
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const pixel = Math.floor(i / 3);
    const [x, y, channel] = [pixel % width, Math.floor(pixel / width), i % 3];
    const wave = 50 * Math.sin(0.21 * x + channel) + 40 * Math.cos(0.17 * y - channel);
    return Math.floor(110 + wave + (state >>> 24) / 8);
  });
  return { data, width, height };
}

describe('warp', () => {
  test.each(goldens.map((golden) => ({ ...golden, title: golden.matrix.join(', ') })))(
    'by $title is OpenCV’s within 3 levels, within 0.5 on average',
    ({ image, canvas: [width, height], matrix, step, samples }) => {
      const target = canvas(width, height);
      warp(photoLike(image), matrix, target);
      const ours: number[] = [];
      for (let y = 0; y < height; y += step) {
        for (let x = 0; x < width; x += step) {
          const at = 3 * (y * width + x);
          ours.push(...target.data.subarray(at, at + 3));
        }
      }
      expect(meanDifference(ours, samples)).toBeLessThan(0.5);
      expect(largestDifference(ours, samples)).toBeLessThanOrEqual(3);
    },
  );

  test.each([
    [64, 48, 64, 48],
    [64, 48, 96, 72],
    [64, 48, 50, 31],
    [1, 1, 7, 5],
    [3, 500, 4, 333],
  ])('scaling %i×%i to %i×%i equals the letterbox’s resampling within 1', (w, h, width, height) => {
    const image = noise({ width: w, height: h });
    const target = canvas(width, height);
    warp(image, scaling(width / w, height / h), target);
    expect(largestDifference(target.data, resampleBilinear(image, target).data)).toBeLessThanOrEqual(1);
  });

  test('a shift by whole pixels copies, and does not touch the rest of the canvas', () => {
    const image = noise({ width: 5, height: 4 });
    const target = canvas(9, 8);
    warp(image, translation(3, 2), target);
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 9; x++) {
        const inside = x >= 3 && x < 8 && y >= 2 && y < 6;
        const expected = inside ? image.data[3 * ((y - 2) * 5 + x - 3)] : FILL;
        expect(target.data[3 * (y * 9 + x)]).toBe(expected);
      }
    }
  });

  test('paints only the requested part', () => {
    const image = noise({ width: 20, height: 20 });
    const target = canvas(20, 20);
    warp(image, translation(0, 0), target, [4, 6, 9, 8]);
    const changed = [...target.data.keys()].filter((i) => target.data[i] === image.data[i] && i % 3 === 0);
    const inside = changed.filter((i) => target.data[i] !== FILL);
    expect(inside).toHaveLength(5 * 2);
  });

  test('fine stripes become their mean if strongly shrunk', () => {
    const data = Uint8Array.from({ length: 3 * 400 * 400 }, (_, i) =>
      Math.floor(i / 3) % 2 === 0 ? 0 : 200,
    );
    const target = canvas(100, 100);
    warp({ data, width: 400, height: 400 }, scaling(0.25, 0.25), target);
    expect(largestDifference(target.data, new Uint8Array(target.data.length).fill(100))).toBe(0);
  });

  test('an image of one color stays that color under any map, and the input does not change', () => {
    const random = uniformRandom(3);
    const image = { data: new Uint8Array(3 * 37 * 23).fill(201), width: 37, height: 23 };
    for (let i = 0; i < 200; i++) {
      const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => 3 * random() - 1.5) as [number, ...number[]];
      const target = canvas(33, 41);
      warp(image, [a, b!, 20 * c!, d!, e!, 20 * f!], target);
      expect([...new Set(target.data)].filter((value) => value !== 201 && value !== FILL)).toEqual([]);
    }
    expect(new Set(image.data)).toEqual(new Set([201]));
  });
});
