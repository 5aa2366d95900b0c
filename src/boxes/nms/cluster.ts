import { Candidates } from '../candidates.ts';
import type { XyxyPx } from '../formats.ts';
import { distanceIou, iou } from '../iou.ts';
import { bestFirst, type NmsOptions } from './options.ts';

/** Options of Cluster-NMS. */
export interface ClusterNmsOptions extends NmsOptions {
  /**
   * Measure of overlap. `iou` keeps the same boxes as `greedyNms`. `diou` subtracts the squared distance of the
   * centers, divided by the squared diagonal of the enclosing box. It keeps more neighboring objects
   * (https://arxiv.org/abs/1911.08287).
   * @default 'iou'
   */
  readonly measure?: 'iou' | 'diou';
  /**
   * Whether a kept box is averaged with the worse boxes that it overlaps by more than the threshold. The weights are
   * score × overlap.
   * @default false
   */
  readonly weighted?: boolean;
}

/** A worse box of the same class whose overlap is above the threshold. */
interface Rival {
  readonly index: number;
  readonly overlap: number;
}

/** Returns the entries above the threshold in the upper triangle of the overlap matrix. Boxes are sorted by score. */
function rivals(
  { boxes, classIds }: Candidates,
  order: readonly number[],
  { iouThreshold, agnostic = false, measure = 'iou' }: ClusterNmsOptions,
): readonly (readonly Rival[])[] {
  const overlapOf = measure === 'iou' ? iou : distanceIou;
  const box = (index: number) => boxes.subarray(4 * index, 4 * index + 4) as unknown as XyxyPx;
  return order.map((index, place) => {
    const found: Rival[] = [];
    for (let other = place + 1; other < order.length; other++) {
      const candidate = order[other]!;
      if (!agnostic && classIds[candidate] !== classIds[index]) continue;
      const overlap = overlapOf(box(index), box(candidate));
      if (overlap > iouThreshold) found.push({ index: other, overlap });
    }
    return found;
  });
}

/**
 * Returns which positions are kept. All are kept at first. Then boxes that a better, kept box suppresses are dropped,
 * until nothing changes.
 */
function fixedPoint(overlapping: readonly (readonly Rival[])[]): readonly boolean[] {
  let kept = overlapping.map(() => true);
  for (;;) {
    const next = kept.map(() => true);
    overlapping.forEach((worse, place) => {
      if (kept[place]) for (const { index } of worse) next[index] = false;
    });
    if (next.every((isKept, place) => isKept === kept[place])) return kept;
    kept = next;
  }
}

/** Returns a box averaged with those that it suppresses. */
function merged(
  { boxes, scores }: Candidates,
  order: readonly number[],
  place: number,
  worse: readonly Rival[],
) {
  const members = [{ index: place, overlap: 1 }, ...worse].map(({ index, overlap }) => ({
    start: 4 * order[index]!,
    weight: scores[order[index]!]! * overlap,
  }));
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const side = (axis: number) =>
    members.reduce((sum, { start, weight }) => sum + weight * boxes[start + axis]!, 0) / total;
  return [side(0), side(1), side(2), side(3)] as const;
}

/**
 * Cluster-NMS, https://arxiv.org/abs/2005.03572: suppression as a fixed point over the overlap matrix of all boxes at
 * once. It supports other measures of overlap, and can move boxes toward those that they suppress.
 * @returns the kept boxes, best first
 */
export function clusterNms(candidates: Candidates, options: ClusterNmsOptions): Candidates {
  const { scores, boxes, classIds } = candidates;
  const order = bestFirst(candidates);
  const overlapping = rivals(candidates, order, options);
  const kept = new Candidates();
  for (const [place, isKept] of fixedPoint(overlapping).entries()) {
    if (!isKept) continue;
    if (kept.count >= options.maxDetections) break;
    const index = order[place]!;
    const own = boxes.subarray(4 * index, 4 * index + 4);
    const [left, top, right, bottom] = options.weighted
      ? merged(candidates, order, place, overlapping[place]!)
      : own;
    kept.add(left!, top!, right!, bottom!, scores[index]!, classIds[index]!);
  }
  return kept;
}
