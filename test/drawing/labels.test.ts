import { describe, expect, test } from 'vitest';
import type { XywhPx } from '../../src/boxes/formats.ts';
import { type Label, placeLabels } from '../../src/drawing/labels.ts';
import { uniformRandom } from '../../src/foundation/random.ts';

const IMAGE = { width: 400, height: 300 };
const SIZE = { width: 60, height: 20 };

type Corner = { readonly left: number; readonly top: number };

function labelsAt(...boxes: XywhPx[]): Label[] {
  return boxes.map((box) => ({ ...SIZE, box }));
}

function overlaps(a: Corner, b: Corner): boolean {
  return Math.abs(a.left - b.left) < SIZE.width && Math.abs(a.top - b.top) < SIZE.height;
}

/** Pairs of labels that cover each other. */
function collisions(places: readonly Corner[]): number {
  return places.reduce(
    (sum, place, index) => sum + places.slice(0, index).filter((other) => overlaps(place, other)).length,
    0,
  );
}

describe('placeLabels', () => {
  test.each<[string, XywhPx, Corner]>([
    ['above its box', [100, 100, 80, 50], { left: 100, top: 80 }],
    ['inside at the top if there is no room above', [100, 5, 80, 50], { left: 100, top: 5 }],
    ['at the left edge of the image if its box extends beyond it', [-50, 100, 80, 50], { left: 0, top: 80 }],
    ['at the right side of the image', [380, 100, 20, 50], { left: 340, top: 80 }],
    ['at the top of the image if its box extends beyond it', [100, -30, 80, 200], { left: 100, top: 0 }],
    ['at the bottom of the image for a box below it', [100, 350, 80, 50], { left: 100, top: 280 }],
    ['above a box that fills the rest of the image', [0, 20, 400, 280], { left: 0, top: 0 }],
  ])('puts a label %s', (_, box, expected) => {
    expect(placeLabels(labelsAt(box), IMAGE)).toEqual([expected]);
  });

  test('keeps labels inside the image for any boxes', () => {
    const random = uniformRandom(1);
    for (let round = 0; round < 2000; round++) {
      const image = { width: 20 + random() * 500, height: 12 + random() * 500 };
      const labels = Array.from({ length: 1 + Math.floor(random() * 6) }, (): Label => {
        const box: XywhPx = [
          (random() * 2 - 0.5) * image.width,
          (random() * 2 - 0.5) * image.height,
          random() * 1.5 * image.width,
          random() * 1.5 * image.height,
        ];
        return { box, width: random() * image.width, height: random() * image.height };
      });
      placeLabels(labels, image).forEach(({ left, top }, index) => {
        const { width, height } = labels[index]!;
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(image.width + 1e-9);
        expect(top + height).toBeLessThanOrEqual(image.height + 1e-9);
      });
    }
  });

  test('gives the labels of eight equal boxes a place each', () => {
    const box: XywhPx = [100, 100, 150, 100];
    expect(collisions(placeLabels(labelsAt(...new Array<XywhPx>(8).fill(box)), IMAGE))).toBe(0);
  });

  test('two labels never cover each other if a box has room for two', () => {
    const random = uniformRandom(2);
    for (let round = 0; round < 3000; round++) {
      const box = (): XywhPx => {
        const [width, height] = [130 + random() * 200, 70 + random() * 150];
        return [random() * (IMAGE.width - width), random() * (IMAGE.height - height), width, height];
      };
      expect(collisions(placeLabels(labelsAt(box(), box()), IMAGE))).toBe(0);
    }
  });

  test('chooses the least covered place if all are taken', () => {
    // Twenty pixels high: only one row of labels fits at either end.
    const image = { width: 100, height: 20 };
    const box: XywhPx = [0, 0, 100, 20];
    const [first, second, third] = placeLabels(labelsAt(box, box, box), image);
    expect(first).toEqual({ left: 0, top: 0 });
    expect(second).toEqual({ left: 40, top: 0 });
    expect(third).toEqual(first);
  });

  test("a label's place does not depend on later labels", () => {
    const boxes: XywhPx[] = [
      [10, 40, 100, 80],
      [12, 42, 100, 80],
      [14, 44, 100, 80],
    ];
    const all = placeLabels(labelsAt(...boxes), IMAGE);
    expect(placeLabels(labelsAt(...boxes.slice(0, 2)), IMAGE)).toEqual(all.slice(0, 2));
  });

  test('returns no places for no labels', () => {
    expect(placeLabels([], IMAGE)).toEqual([]);
  });
});
