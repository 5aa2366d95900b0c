import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Candidates } from '../../../src/boxes/candidates.ts';
import type { XyxyPx } from '../../../src/boxes/formats.ts';
import { greedyNms } from '../../../src/boxes/nms/greedy.ts';
import type { NmsOptions } from '../../../src/boxes/nms/options.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { anyBox, candidatesOf, type Scored } from './any-boxes.ts';

interface Golden {
  readonly iouThreshold: number;
  readonly boxes: readonly XyxyPx[];
  readonly scores: readonly number[];
  readonly classIds: readonly number[];
  readonly kept: readonly number[];
  readonly keptAgnostic: readonly number[];
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('fixtures/nms.json', import.meta.url), 'utf8'),
);

/** Intersection over union; 0 if there is no area. */
function overlap([l, t, r, b]: XyxyPx, [l2, t2, r2, b2]: XyxyPx): number {
  const [w, h] = [Math.min(r, r2) - Math.max(l, l2), Math.min(b, b2) - Math.max(t, t2)];
  const common = w > 0 && h > 0 ? w * h : 0;
  const union =
    Math.max(r - l, 0) * Math.max(b - t, 0) + Math.max(r2 - l2, 0) * Math.max(b2 - t2, 0) - common;
  return common > 0 ? common / union : 0;
}

/** The definition, literally: take the best that is left, remove what it suppresses, repeat. */
function reference(
  scored: readonly Scored[],
  { iouThreshold, maxDetections, agnostic }: NmsOptions,
): number[] {
  let left = scored.map((_, index) => index);
  const kept: number[] = [];
  while (left.length > 0 && kept.length < maxDetections) {
    const best = left.reduce((a, b) => (scored[b]![1] > scored[a]![1] ? b : a));
    kept.push(best);
    const [box, , classId] = scored[best]!;
    left = left.filter((index) => {
      const [other, , otherClass] = scored[index]!;
      const rivals = agnostic || classId === otherClass;
      return index !== best && !(rivals && overlap(box, other) > iouThreshold);
    });
  }
  return kept;
}

const ALL = Number.POSITIVE_INFINITY;

describe('greedyNms', () => {
  test.each(goldens.map((golden, index) => ({ ...golden, index })))(
    'set $index: keeps the boxes that OpenCV and torchvision keep at IoU $iouThreshold',
    ({ boxes, scores, classIds, iouThreshold, kept, keptAgnostic }) => {
      const candidates = candidatesOf(boxes.map((box, i) => [box, scores[i]!, classIds[i]!]));
      expect(greedyNms(candidates, { iouThreshold, maxDetections: ALL })).toEqual(kept);
      expect(greedyNms(candidates, { iouThreshold, maxDetections: ALL, agnostic: true })).toEqual(
        keptAgnostic,
      );
    },
  );

  test.each([
    { agnostic: false, title: 'class by class' },
    { agnostic: true, title: 'across classes' },
  ])('$title, keeps what the definition keeps for any boxes', ({ agnostic }) => {
    const random = uniformRandom(1);
    for (let round = 0; round < 1500; round++) {
      const count = Math.floor(random() * 25);
      const scored = Array.from({ length: count }, () => anyBox(random, 3));
      const iouThreshold = [0, 0.25, 0.45, 0.5, 1, random()][Math.floor(random() * 6)]!;
      const maxDetections = random() < 0.5 ? ALL : Math.floor(random() * 12);
      const options = { iouThreshold, maxDetections, agnostic };
      expect(greedyNms(candidatesOf(scored), options)).toEqual(reference(scored, options));
    }
  });

  test('of equal scores, keeps the earlier box', () => {
    const box: XyxyPx = [0, 0, 10, 10];
    const scored: Scored[] = [
      [box, 0.5, 0],
      [box, 0.5, 0],
      [box, 0.5, 0],
    ];
    expect(greedyNms(candidatesOf(scored), { iouThreshold: 0.5, maxDetections: 10 })).toEqual([0]);
  });

  test('keeps a box whose overlap equals the threshold', () => {
    const scored: Scored[] = [
      [[0, 0, 4, 4], 0.9, 0],
      [[0, 0, 2, 4], 0.8, 0],
    ];
    expect(greedyNms(candidatesOf(scored), { iouThreshold: 0.5, maxDetections: 10 })).toEqual([0, 1]);
    expect(greedyNms(candidatesOf(scored), { iouThreshold: 0.499, maxDetections: 10 })).toEqual([0]);
  });

  test('a suppressed box suppresses nothing', () => {
    const scored: Scored[] = [
      [[0, 0, 10, 10], 0.9, 0],
      [[4, 0, 14, 10], 0.8, 0],
      [[8, 0, 18, 10], 0.7, 0],
    ];
    expect(greedyNms(candidatesOf(scored), { iouThreshold: 0.4, maxDetections: 10 })).toEqual([0, 2]);
  });

  test('keeps boxes of other classes unless it is agnostic', () => {
    const scored: Scored[] = [
      [[0, 0, 10, 10], 0.8, 1],
      [[0, 0, 10, 10], 0.9, 2],
    ];
    const options = { iouThreshold: 0.5, maxDetections: 10 };
    expect(greedyNms(candidatesOf(scored), options)).toEqual([1, 0]);
    expect(greedyNms(candidatesOf(scored), { ...options, agnostic: true })).toEqual([1]);
  });

  test('boxes with NaN neither suppress nor are suppressed', () => {
    const nan = Number.NaN;
    const scored: Scored[] = [
      [[nan, nan, nan, nan], 0.9, 0],
      [[0, 0, 10, 10], 0.8, 0],
      [[nan, 0, 10, 10], 0.7, 0],
    ];
    expect(greedyNms(candidatesOf(scored), { iouThreshold: 0, maxDetections: 10 })).toEqual([0, 1, 2]);
  });

  test('keeps at most maxDetections, the best of all classes', () => {
    const scored = Array.from({ length: 20 }, (_, i): Scored => [[20 * i, 0, 20 * i + 9, 9], i / 32, i % 4]);
    const options = { iouThreshold: 0.5, maxDetections: 3 };
    expect(greedyNms(candidatesOf(scored), options)).toEqual([19, 18, 17]);
  });

  test('returns no detections for no candidates', () => {
    expect(greedyNms(new Candidates(), { iouThreshold: 0.5, maxDetections: 10 })).toEqual([]);
  });
});
