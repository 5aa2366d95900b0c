import type { XywhPx } from './formats.ts';
import { xywhToXyxy } from './formats.ts';
import { iou } from './iou.ts';

/** A scored box of one of several detectors. */
export interface VotedBox {
  /** Left, top, right, bottom in pixels. */
  readonly box: XywhPx;
  /** 0–1. */
  readonly score: number;
  /** Place of its class, from 0. */
  readonly classId: number;
}

interface Cluster {
  readonly members: VotedBox[];
  fused: XywhPx;
}

/** The mean of boxes, weighted by their scores. */
function weightedMean(members: readonly VotedBox[]): XywhPx {
  const sum = members.reduce((total, { score }) => total + score, 0);
  const mean = (side: number) =>
    members.reduce((total, { box, score }) => total + box[side]! * score, 0) / sum;
  return [mean(0), mean(1), mean(2), mean(3)];
}

/**
 * Weighted boxes fusion (https://arxiv.org/abs/1910.13302): boxes of a class that overlap become one, in the middle
 * by their scores. A box that few of the detectors see loses score in proportion.
 * @param votes boxes of each detector, each already without duplicates
 * @param iouThreshold boxes that overlap by more are one object, 0–1
 * @returns best first
 */
export function fuseBoxes(votes: readonly (readonly VotedBox[])[], iouThreshold = 0.55): readonly VotedBox[] {
  const clusters = new Map<number, Cluster[]>();
  for (const vote of votes.flat().toSorted((a, b) => b.score - a.score)) {
    const ofClass = clusters.get(vote.classId) ?? [];
    clusters.set(vote.classId, ofClass);
    const overlaps = ofClass.map(({ fused }) => iou(xywhToXyxy(fused), xywhToXyxy(vote.box)));
    const best = overlaps.reduce((place, overlap, index) => (overlap > overlaps[place]! ? index : place), 0);
    const cluster = (overlaps[best] ?? 0) > iouThreshold ? ofClass[best]! : undefined;
    if (!cluster) {
      ofClass.push({ members: [vote], fused: vote.box });
      continue;
    }
    cluster.members.push(vote);
    cluster.fused = weightedMean(cluster.members);
  }
  return [...clusters]
    .flatMap(([classId, ofClass]) =>
      ofClass.map(({ members, fused }): VotedBox => {
        const mean = members.reduce((total, { score }) => total + score, 0) / members.length;
        const share = Math.min(members.length, votes.length) / votes.length;
        return { box: fused, score: mean * share, classId };
      }),
    )
    .sort((a, b) => b.score - a.score);
}
