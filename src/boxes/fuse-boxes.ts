import { BoxClusters } from './box-clusters.ts';
import type { XywhPx } from './formats.ts';
import { xywhToXyxy, xyxyToXywh } from './formats.ts';

/** A scored box of one of several detectors. */
export interface VotedBox {
  /** Left, top, right, bottom in pixels. */
  readonly box: XywhPx;
  /** 0–1. */
  readonly score: number;
  /** Place of its class, from 0. */
  readonly classId: number;
}

/**
 * Weighted boxes fusion (https://arxiv.org/abs/1910.13302): boxes of a class that overlap become one, in the middle
 * by their scores. A box that few of the detectors see loses score in proportion.
 * @param votes boxes of each detector, each already without duplicates
 * @param iouThreshold boxes that overlap by more are one object, 0–1
 * @returns best first
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
