import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { XyxyPx } from '../../../src/boxes/formats.ts';
import { diouNms } from '../../../src/boxes/nms/diou.ts';
import { softNms } from '../../../src/boxes/nms/soft.ts';
import { suppress } from '../../../src/boxes/nms/suppress.ts';
import { weightedBoxes } from '../../../src/boxes/nms/weighted.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { anyBox, candidatesOf, rowsOf, type Scored } from './any-boxes.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));

interface Golden {
  readonly iouThreshold: number;
  readonly boxes: readonly XyxyPx[];
  readonly scores: readonly number[];
  readonly classIds: readonly number[];
  readonly linear: readonly (readonly [place: number, score: number])[];
  readonly gaussian: readonly (readonly [place: number, score: number])[];
  readonly linearAgnostic: readonly (readonly [place: number, score: number])[];
  readonly weighted: readonly (readonly number[])[];
}

const peers: readonly object[] = read('soft-nms');
const goldens: readonly Golden[] = read('nms').map((set: object, index: number) => ({
  ...set,
  ...peers[index],
}));
const ALL = Number.POSITIVE_INFINITY;

describe.each(goldens)('of $boxes.length boxes at IoU $iouThreshold', (golden) => {
  const { iouThreshold, boxes, scores, classIds } = golden;
  const candidates = candidatesOf(boxes.map((box, i) => [box, scores[i]!, classIds[i]!]));
  const options = { iouThreshold, maxDetections: ALL, scoreThreshold: 0.05 };

  test.each([
    { decay: 'linear', agnostic: false, expected: golden.linear },
    { decay: 'gaussian', agnostic: false, expected: golden.gaussian },
    { decay: 'linear', agnostic: true, expected: golden.linearAgnostic },
  ] as const)('Soft-NMS ($decay, agnostic $agnostic) gives what OpenCV gives', ({ expected, ...soft }) => {
    const left = softNms(candidates, { ...options, ...soft });
    expect(left.count).toBe(expected.length);
    for (const [index, [place, score]] of expected.entries()) {
      expect([...left.boxes.subarray(4 * index, 4 * index + 4)]).toEqual(boxes[place]);
      expect(left.scores[index]).toBeCloseTo(score, 5);
    }
  });

  test('weighted boxes equal those of the reference package', () => {
    const fused = rowsOf(weightedBoxes(candidates, options));
    expect(fused).toHaveLength(golden.weighted.length);
    for (const [index, row] of golden.weighted.entries())
      for (const [field, value] of row.entries()) expect(fused[index]![field]).toBeCloseTo(value, 3);
  });
});

const area = ([l, t, r, b]: XyxyPx) => Math.max(r - l, 0) * Math.max(b - t, 0);

function overlap(a: XyxyPx, b: XyxyPx): number {
  const [w, h] = [Math.min(a[2], b[2]) - Math.max(a[0], b[0]), Math.min(a[3], b[3]) - Math.max(a[1], b[1])];
  const common = w > 0 && h > 0 ? w * h : 0;
  return common > 0 ? common / (area(a) + area(b) - common) : 0;
}

function overlapOfDistance(a: XyxyPx, b: XyxyPx): number {
  const around = (axis: 0 | 1) => Math.max(a[axis + 2]!, b[axis + 2]!) - Math.min(a[axis], b[axis]);
  const apart = (axis: 0 | 1) => (a[axis] + a[axis + 2]!) / 2 - (b[axis] + b[axis + 2]!) / 2;
  const diagonal = around(0) ** 2 + around(1) ** 2;
  return overlap(a, b) - (diagonal > 0 ? (apart(0) ** 2 + apart(1) ** 2) / diagonal : 0);
}

interface Rules {
  readonly iouThreshold: number;
  readonly maxDetections: number;
  readonly agnostic: boolean;
}

const best = (left: readonly number[], score: (index: number) => number) =>
  left.reduce((a, b) => (score(b) > score(a) ? b : a));

function diouReference(scored: readonly Scored[], { iouThreshold, maxDetections, agnostic }: Rules) {
  const kept: number[] = [];
  let left = scored.map((_, index) => index);
  while (left.length > 0 && kept.length < maxDetections) {
    const chosen = best(left, (index) => scored[index]![1]);
    const [box, , classId] = scored[chosen]!;
    kept.push(chosen);
    left = left.filter((index) => {
      const [other, , otherClass] = scored[index]!;
      const isRival = agnostic || otherClass === classId;
      return index !== chosen && !(isRival && overlapOfDistance(box, other) > iouThreshold);
    });
  }
  return kept;
}

function softReference(
  scored: readonly Scored[],
  { iouThreshold, maxDetections, agnostic }: Rules,
  decay: 'linear' | 'gaussian',
) {
  const scores = scored.map(([, score]) => score);
  const kept: (readonly number[])[] = [];
  let left = scored.map((_, index) => index);
  for (;;) {
    left = left.filter((index) => Math.fround(scores[index]!) > 0.1);
    if (left.length === 0 || kept.length >= maxDetections) return kept;
    const chosen = best(left, (index) => scores[index]!);
    const [box, , classId] = scored[chosen]!;
    kept.push([...box, Math.fround(scores[chosen]!), classId]);
    left = left.filter((index) => index !== chosen);
    for (const index of left) {
      const [other, , otherClass] = scored[index]!;
      if (!agnostic && otherClass !== classId) continue;
      const common = overlap(box, other);
      if (decay === 'gaussian') scores[index]! *= Math.exp(-(common * common) / 0.5);
      else if (common > iouThreshold) scores[index]! *= 1 - common;
    }
  }
}

/** Keeps the members of each cluster and recomputes its mean each time. */
function weightedReference(scored: readonly Scored[], { iouThreshold, maxDetections, agnostic }: Rules) {
  const clusters: Scored[][] = [];
  const mean = (members: readonly Scored[]): XyxyPx => {
    const total = members.reduce((sum, [, score]) => sum + score, 0);
    if (members.length === 1 || total === 0) return members[0]![0];
    const side = (i: number) => members.reduce((sum, [box, score]) => sum + box[i]! * score, 0) / total;
    return [side(0), side(1), side(2), side(3)];
  };
  for (const one of scored.toSorted((a, b) => b[1] - a[1])) {
    const rivals = clusters.filter(([first]) => agnostic || first![2] === one[2]);
    const overlaps = rivals.map((members) => overlap(mean(members), one[0]));
    const most = Math.max(...overlaps);
    if (most > iouThreshold) rivals[overlaps.indexOf(most)]!.push(one);
    else clusters.push([one]);
  }
  return clusters
    .map((members) => [...mean(members), members[0]![1], members[0]![2]])
    .toSorted((a, b) => b[4]! - a[4]!)
    .slice(0, maxDetections);
}

/** Sets of random, tied and degenerate boxes. */
function* anySets(rounds: number): Generator<{ readonly scored: Scored[]; readonly rules: Rules }> {
  const random = uniformRandom(1);
  for (let round = 0; round < rounds; round++) {
    const scored = Array.from({ length: Math.floor(random() * 25) }, () => anyBox(random, 3));
    const iouThreshold = [0, 0.25, 0.45, 0.5, 1, random()][Math.floor(random() * 6)]!;
    const maxDetections = random() < 0.5 ? ALL : Math.floor(random() * 12);
    yield { scored, rules: { iouThreshold, maxDetections, agnostic: random() < 0.5 } };
  }
}

describe('for any boxes, including tied and degenerate ones', () => {
  test('distance-IoU keeps what its definition keeps, and Cluster-NMS the same', () => {
    for (const { scored, rules } of anySets(400)) {
      const candidates = candidatesOf(scored);
      expect(diouNms(candidates, rules)).toEqual(diouReference(scored, rules));
      expect(rowsOf(suppress(candidates, 'cluster-diou', rules))).toEqual(
        rowsOf(suppress(candidates, 'diou', rules)),
      );
    }
  });

  test.each(['linear', 'gaussian'] as const)('%s Soft-NMS lowers scores as its definition does', (decay) => {
    for (const { scored, rules } of anySets(400)) {
      const left = softNms(candidatesOf(scored), { ...rules, decay, scoreThreshold: 0.1 });
      expect(rowsOf(left)).toEqual(softReference(scored, rules, decay));
    }
  });

  test('weighted boxes are the means from their definition', () => {
    for (const { scored, rules } of anySets(400)) {
      const fused = rowsOf(weightedBoxes(candidatesOf(scored), rules));
      const expected = weightedReference(scored, rules);
      expect(fused).toHaveLength(expected.length);
      for (const [index, row] of expected.entries()) {
        for (const [field, value] of row.entries()) {
          if (Number.isFinite(value)) expect(fused[index]![field]).toBeCloseTo(value, 6);
          else expect(fused[index]![field]).toBe(value);
        }
      }
    }
  });
});

test('a box half covered by a better one keeps half of its score if that is above the threshold', () => {
  const scored: Scored[] = [
    [[0, 0, 10, 10], 0.9, 0],
    [[0, 0, 10, 5], 0.8, 0],
  ];
  const left = (scoreThreshold: number) =>
    suppress(candidatesOf(scored), 'soft-linear', { iouThreshold: 0.3, maxDetections: ALL, scoreThreshold });
  expect(rowsOf(left(0.001))[1]).toEqual([0, 0, 10, 5, Math.fround(0.8) * 0.5, 0]);
  expect(left(0.41).count).toBe(1);
});
