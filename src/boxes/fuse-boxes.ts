import { BoxClusters } from './box-clusters.ts';
import type { XywhPx } from './formats.ts';
import { xywhToXyxy, xyxyToXywh } from './formats.ts';

/** A scored box from one of several detectors. */
export interface VotedBox {
  /** Left, top, width, height in pixels. */
  readonly box: XywhPx;
  /** Score, 0–1. */
  readonly score: number;
  /** Class index, from 0. */
  readonly classId: number;
}

/**
 * Weighted boxes fusion (https://arxiv.org/abs/1910.13302). Overlapping boxes of a class are merged: the new box is
 * their mean, weighted by score. If only some of the detectors find a box, its score is reduced in proportion.
 * @param votes boxes of each detector, without duplicates
 * @param iouThreshold boxes with a higher IoU are one object, 0–1
 * @returns the fused boxes, best first
 */
export function fuseBoxes(votes: readonly (readonly VotedBox[])[], iouThreshold = 0.55): readonly VotedBox[] {
  const byClass = new Map<number, BoxClusters>();
  for (const { box, score, classId } of votes.flat().toSorted((a, b) => b.score - a.score)) {
    const ofClass = byClass.get(classId) ?? new BoxClusters(iouThreshold);
    byClass.set(classId, ofClass);
    ofClass.add(xywhToXyxy(box), score);
  }
  return [...byClass]
    .flatMap(([classId, { clusters, boxes }]) =>
      clusters.map(({ count, meanScore }, place): VotedBox => {
        const share = Math.min(count, votes.length) / votes.length;
        return { box: xyxyToXywh(boxes[place]!), score: meanScore * share, classId };
      }),
    )
    .sort((a, b) => b.score - a.score);
}
