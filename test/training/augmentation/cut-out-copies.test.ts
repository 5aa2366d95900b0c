import { describe, expect, test } from 'vitest';
import { boxArea } from '../../../src/boxes/iou.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { copyCutOuts } from '../../../src/training/augmentation/cut-out-copies.ts';
import { sharedBox } from '../../../src/training/augmentation/visible-objects.ts';
import {
  anyRedRectangle,
  black,
  expectInside,
  expectRedInBox,
  fingerprint,
  redRectangle,
} from './painted.ts';

const OPTIONS = { copyCover: 0.1, minimumVisibility: 0.1 };
const CANVAS = { width: 160, height: 120 };

describe('copyCutOuts', () => {
  test('a painted rectangle is copied with its box', () => {
    let copied = 0;
    for (let seed = 0; seed < 200; seed++) {
      const copy = copyCutOuts(black(CANVAS), anyRedRectangle(seed), 1, OPTIONS, uniformRandom(seed));
      expectInside(copy.objects, CANVAS);
      if (copy.objects.length === 0) continue;
      expectRedInBox(copy);
      copied++;
    }
    expect(copied).toBeGreaterThan(150);
  });

  test('all copies together cover no more of any object than allowed', () => {
    let copies = 0;
    for (let seed = 0; seed < 100; seed++) {
      const onto = redRectangle(CANVAS, [40, 30, 90, 80], 7);
      const from = redRectangle({ width: 200, height: 150 }, [20, 20, 60, 50], 1);
      const { objects } = copyCutOuts(onto, from, 6, OPTIONS, uniformRandom(seed));
      expect(objects[0]).toEqual(onto.objects[0]);
      objects.forEach(({ box }, i) => {
        const later = objects.slice(i + 1).map((other) => boxArea(sharedBox(box, other.box)));
        const covered = later.reduce((sum, area) => sum + area, 0);
        expect(covered).toBeLessThanOrEqual(OPTIONS.copyCover * boxArea(box) + 1e-6);
      });
      copies += objects.length - 1;
    }
    expect(copies).toBeGreaterThan(150);
  });

  test('other objects in a copied box come along, labeled', () => {
    const from = {
      ...redRectangle(CANVAS, [20, 20, 80, 80], 1),
      objects: [
        { box: [20, 20, 80, 80] as const, classId: 1 },
        { box: [30, 40, 50, 60] as const, classId: 2 },
      ],
    };
    let both = 0;
    for (let seed = 0; seed < 30; seed++) {
      const { objects } = copyCutOuts(black(CANVAS), from, 1, OPTIONS, uniformRandom(seed));
      const [outer, inner] = [1, 2].map((classId) => objects.find((object) => object.classId === classId));
      if (outer === undefined || inner === undefined) continue;
      expect(boxArea(sharedBox(outer.box, inner.box))).toBeCloseTo(boxArea(inner.box), 6);
      both++;
    }
    expect(both).toBeGreaterThan(5);
  });

  test('an image can take copies of its own objects, and no input changes', () => {
    const scene = redRectangle(CANVAS, [5, 5, 30, 30]);
    const before = fingerprint(scene);
    const { objects } = copyCutOuts(scene, scene, 2, OPTIONS, uniformRandom(1));
    expect(objects.length).toBeGreaterThan(1);
    expect(fingerprint(scene)).toBe(before);
  });

  test('copies nothing without objects', () => {
    const onto = redRectangle(CANVAS, [5, 5, 30, 30]);
    for (const size of [CANVAS, { width: 1, height: 1 }, { width: 3, height: 500 }]) {
      const copy = copyCutOuts(onto, black(size), 5, OPTIONS, uniformRandom(1));
      expect(fingerprint(copy)).toBe(fingerprint(onto));
    }
  });

  test('an ignored box is not copied on its own, and comes along with an object', () => {
    const ignored = { box: [60, 20, 140, 110] as const, classId: 0, isIgnored: true };
    const object = { box: [20, 20, 80, 80] as const, classId: 1 };
    const alone = { ...redRectangle(CANVAS, [20, 20, 80, 80], 1), objects: [ignored] };
    const both = { ...alone, objects: [object, ignored] };
    let together = 0;
    for (let seed = 0; seed < 30; seed++) {
      expect(copyCutOuts(black(CANVAS), alone, 1, OPTIONS, uniformRandom(seed)).objects).toEqual([]);
      const { objects } = copyCutOuts(black(CANVAS), both, 1, OPTIONS, uniformRandom(seed));
      if (objects.length === 0) continue;
      const [copy, beside] = [
        objects.find(({ isIgnored }) => !isIgnored),
        objects.find((one) => one.isIgnored),
      ];
      expect(boxArea(beside!.box)).toBeCloseTo(boxArea(copy!.box) / 3, 3);
      together++;
    }
    expect(together).toBeGreaterThan(5);
  });
});
