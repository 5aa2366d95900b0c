import { describe, expect, test } from 'vitest';
import { Candidates } from '../../src/boxes/candidates.ts';

/** `count` candidates whose numbers all encode their index; classes 0, 1, 2 in turn. */
function numbered(count: number): Candidates {
  const candidates = new Candidates();
  for (let i = 0; i < count; i++) candidates.add(i, i + 0.25, i + 0.5, i + 0.75, i / 1024, i % 3);
  return candidates;
}

describe('Candidates', () => {
  test('new candidates are empty', () => {
    const { count, boxes, scores, classIds } = new Candidates();
    expect([count, boxes.length, scores.length, classIds.length]).toEqual([0, 0, 0, 0]);
  });

  test.each([1, 63, 64, 65, 128, 129, 1000])('all %i boxes are there, in order', (count) => {
    const candidates = numbered(count);
    const indices = Array.from({ length: count }, (_, i) => i);
    expect(candidates.count).toBe(count);
    expect([...candidates.boxes]).toEqual(indices.flatMap((i) => [i, i + 0.25, i + 0.5, i + 0.75]));
    expect([...candidates.scores]).toEqual(indices.map((i) => i / 1024));
    expect([...candidates.classIds]).toEqual(indices.map((i) => i % 3));
  });

  test('coordinates keep double precision', () => {
    const candidates = new Candidates();
    candidates.add(0.1, 1 / 3, 1e9 + 0.1, -Math.PI, 0.5, 7);
    expect([...candidates.boxes]).toEqual([0.1, 1 / 3, 1e9 + 0.1, -Math.PI]);
  });

  test('selected candidates keep their order and numbers', () => {
    const kept = numbered(200).where((i) => i % 3 !== 1);
    const indices = Array.from({ length: 200 }, (_, i) => i).filter((i) => i % 3 !== 1);
    expect([...kept.scores]).toEqual(indices.map((i) => i / 1024));
    expect([...kept.classIds]).toEqual(indices.map((i) => i % 3));
    expect([...kept.boxes]).toEqual(indices.flatMap((i) => [i, i + 0.25, i + 0.5, i + 0.75]));
  });

  test('selecting none leaves none and does not change the original', () => {
    const candidates = numbered(10);
    expect(candidates.where(() => false).count).toBe(0);
    expect(candidates.count).toBe(10);
  });
});
