import { describe, expect, test } from 'vitest';
import {
  clipToImage,
  cxcywhToXywh,
  type XywhPx,
  type XyxyPx,
  xywhToCxcywh,
  xywhToXyxy,
  xyxyToXywh,
} from '../../src/boxes/formats.ts';
import { uniformRandom } from '../../src/foundation/random.ts';

const IMAGE = { width: 640, height: 480 };

/** Boxes of all sizes in and around the image. */
function randomBoxes(count: number): XywhPx[] {
  const random = uniformRandom(1);
  return Array.from({ length: count }, () => [
    random() * 800 - 100,
    random() * 600 - 100,
    random() * 640,
    random() * 480,
  ]);
}

function farthest(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

describe('xywhToXyxy and xyxyToXywh', () => {
  test('converts left 10, top 20, width 30, height 40 to right 40, bottom 60', () => {
    expect(xywhToXyxy([10, 20, 30, 40])).toEqual([10, 20, 40, 60]);
    expect(xyxyToXywh([10, 20, 40, 60])).toEqual([10, 20, 30, 40]);
  });

  test('converting there and back gives the same box', () => {
    for (const box of randomBoxes(1000))
      expect(farthest(xyxyToXywh(xywhToXyxy(box)), box)).toBeLessThan(1e-9);
  });
});

describe('cxcywhToXywh and xywhToCxcywh', () => {
  test('a centered box of half the image’s width and height extends from a quarter to three quarters', () => {
    expect(cxcywhToXywh([0.5, 0.5, 0.5, 0.5], IMAGE)).toEqual([160, 120, 320, 240]);
    expect(xywhToCxcywh([160, 120, 320, 240], IMAGE)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test('scales x by the image’s width and y by its height', () => {
    expect(xywhToCxcywh([0, 0, 64, 48], IMAGE)).toEqual([0.05, 0.05, 0.1, 0.1]);
  });

  test('converting there and back gives the same box', () => {
    for (const box of randomBoxes(1000)) {
      expect(farthest(cxcywhToXywh(xywhToCxcywh(box, IMAGE), IMAGE), box)).toBeLessThan(1e-9);
    }
  });
});

describe('clipToImage', () => {
  test.each<[string, XyxyPx, XyxyPx]>([
    ['keeps a box inside the image', [1, 2, 3, 4], [1, 2, 3, 4]],
    ['clips a box over the top left corner', [-10, -20, 30, 40], [0, 0, 30, 40]],
    ['clips a box over the bottom right corner', [600, 400, 700, 500], [600, 400, 640, 480]],
    ['a box around the image becomes the image', [-1, -1, 1000, 1000], [0, 0, 640, 480]],
    ['a box to the right of the image has no width', [700, 10, 800, 20], [640, 10, 640, 20]],
    ['a box above the image has no height', [10, -30, 20, -10], [10, 0, 20, 0]],
  ])('%s', (_, box, clipped) => {
    expect(clipToImage(box, IMAGE)).toEqual(clipped);
  });

  test('clipping twice equals clipping once', () => {
    for (const box of randomBoxes(500)) {
      const once = clipToImage(xywhToXyxy(box), IMAGE);
      expect(clipToImage(once, IMAGE)).toEqual(once);
    }
  });
});
