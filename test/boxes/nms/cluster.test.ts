import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Candidates } from '../../../src/boxes/candidates.ts';
import type { XyxyPx } from '../../../src/boxes/formats.ts';
import { clusterNms } from '../../../src/boxes/nms/cluster.ts';
import { NMS_METHODS } from '../../../src/boxes/nms/methods.ts';
import { suppress } from '../../../src/boxes/nms/suppress.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';

interface BoxSet {
  readonly iouThreshold: number;
  readonly boxes: readonly XyxyPx[];
  readonly scores: readonly number[];
  readonly classIds: readonly number[];
}

interface Golden {
  readonly weighted: readonly XyxyPx[];
  readonly distance: readonly number[];
  readonly distanceAgnostic: readonly number[];
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
const sets = read<readonly BoxSet[]>('nms');
const goldens = read<readonly Golden[]>('cluster-nms').map((golden, index) => ({
  ...golden,
  ...sets[index]!,
}));

const ALL = { maxDetections: Number.POSITIVE_INFINITY };

function candidatesOf({ boxes, scores, classIds }: BoxSet): Candidates {
  const candidates = new Candidates();
  boxes.forEach(([left, top, right, bottom], index) => {
    candidates.add(left, top, right, bottom, scores[index]!, classIds[index]!);
  });
  return candidates;
}

const rows = ({ boxes, scores, classIds, count }: Candidates) =>
  Array.from({ length: count }, (_, i) => [...boxes.subarray(4 * i, 4 * i + 4), scores[i]!, classIds[i]!]);

/** The boxes of the golden set with these indices. */
const picked = (set: BoxSet, indices: readonly number[]) =>
  indices.map((index) => [...set.boxes[index]!, Math.fround(set.scores[index]!), set.classIds[index]!]);

describe.each(goldens)('Cluster-NMS of $boxes.length boxes above $iouThreshold', (golden) => {
  const { iouThreshold } = golden;
  const candidates = candidatesOf(golden);

  test('keeps the boxes that torchvision and dense matrices keep by distance-IoU', () => {
    const options = { ...ALL, iouThreshold, measure: 'diou' } as const;
    expect(rows(clusterNms(candidates, options))).toEqual(picked(golden, golden.distance));
    expect(rows(clusterNms(candidates, { ...options, agnostic: true }))).toEqual(
      picked(golden, golden.distanceAgnostic),
    );
  });

  test('moves kept boxes to the weighted means from dense matrices', () => {
    const { boxes } = clusterNms(candidates, { ...ALL, iouThreshold, weighted: true });
    const expected = golden.weighted.flat();
    expect(boxes).toHaveLength(expected.length);
    for (const [index, value] of expected.entries()) expect(boxes[index]).toBeCloseTo(value, 9);
  });
});

test('keeps the same boxes as greedy suppression if only overlap counts', () => {
  const random = uniformRandom(3);
  const whole = (most: number) => Math.floor(random() * most);
  for (let round = 0; round < 300; round++) {
    const candidates = new Candidates();
    for (let i = whole(40); i > 0; i--) {
      const [left, top] = [whole(8), whole(8)];
      candidates.add(left, top, left + whole(6), top + whole(6), whole(10) / 10, whole(3));
    }
    const options = { iouThreshold: whole(10) / 10, maxDetections: 1 + whole(20), agnostic: whole(2) > 0 };
    expect(rows(suppress(candidates, 'cluster', options))).toEqual(
      rows(suppress(candidates, 'greedy', options)),
    );
  }
});

test('distance-IoU keeps a neighbor that plain overlap drops', () => {
  const candidates = new Candidates();
  candidates.add(0, 0, 10, 10, 0.9, 0);
  candidates.add(3, 0, 13, 10, 0.8, 0);
  // IoU 70 / 130 = 0.538; the distance of the centers subtracts 9 / 269: 0.505.
  const options = { ...ALL, iouThreshold: 0.52 };
  expect(suppress(candidates, 'cluster', options).count).toBe(1);
  expect(suppress(candidates, 'cluster-diou', options).count).toBe(2);
});

test.each(NMS_METHODS)('%s returns nothing for no boxes and does not change its arguments', (method) => {
  expect(suppress(new Candidates(), method, { ...ALL, iouThreshold: 0.5 }).count).toBe(0);
  const candidates = candidatesOf(goldens[0]!);
  const before = rows(candidates);
  suppress(candidates, method, { ...ALL, iouThreshold: 0.5 });
  expect(rows(candidates)).toEqual(before);
});
