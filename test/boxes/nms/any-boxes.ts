import { Candidates } from '../../../src/boxes/candidates.ts';
import type { XyxyPx } from '../../../src/boxes/formats.ts';

export type Scored = readonly [box: XyxyPx, score: number, classId: number];

export function candidatesOf(scored: readonly Scored[]): Candidates {
  const candidates = new Candidates();
  for (const [[left, top, right, bottom], score, classId] of scored) {
    candidates.add(left, top, right, bottom, score, classId);
  }
  return candidates;
}

/** Candidates as [left, top, right, bottom, score, class]. */
export const rowsOf = ({ boxes, scores, classIds, count }: Candidates) =>
  Array.from({ length: count }, (_, i) => [...boxes.subarray(4 * i, 4 * i + 4), scores[i]!, classIds[i]!]);

/** A random box on a coarse grid, so that edges meet and boxes repeat; scores repeat too. */
export function anyBox(random: () => number, classes: number): Scored {
  const edge = () => Math.floor(random() * 12);
  const [left, top] = [edge(), edge()];
  const kinds: (() => XyxyPx)[] = [
    () => [left, top, left + 1 + edge(), top + 1 + edge()],
    () => [left + random(), top + random(), left + 2 + 5 * random(), top + 2 + 5 * random()],
    () => [left, top, left, top + edge()],
    () => [left + edge(), top + edge(), left - edge(), top - edge()],
    () => [Number.NaN, top, left + 5, top + 5],
    () => [left, top, Number.POSITIVE_INFINITY, top + 5],
  ];
  // Half of them ordinary.
  const kind = random() < 0.5 ? 0 : Math.floor(random() * kinds.length);
  return [kinds[kind]!(), Math.floor(random() * 16) / 16, Math.floor(random() * classes)];
}
