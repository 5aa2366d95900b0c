import { BoxClusters } from '../box-clusters.ts';
import { Candidates } from '../candidates.ts';
import { bestFirst, type NmsOptions } from './options.ts';

/**
 * Weighted boxes fusion of one detector's boxes, https://arxiv.org/abs/1910.13302. Overlapping boxes of a class are
 * merged: the new box is their mean, weighted by score. It gets the best of their scores. Across classes (`agnostic`),
 * it also gets the class of the box with that score.
 * @returns the fused boxes, best first
 */
export function weightedBoxes(candidates: Candidates, options: NmsOptions): Candidates {
  const { iouThreshold, maxDetections, agnostic = false } = options;
  const { boxes, scores, classIds } = candidates;
  const groups = new Map<number, BoxClusters>();
  // A cluster starts with its best box, so clusters in this order have the best score first.
  const begun: { readonly group: BoxClusters; readonly place: number; readonly first: number }[] = [];
  for (const index of bestFirst(candidates)) {
    const key = agnostic ? 0 : classIds[index]!;
    const group = groups.get(key) ?? new BoxClusters(iouThreshold);
    groups.set(key, group);
    const before = group.boxes.length;
    const [left, top, right, bottom] = boxes.subarray(4 * index, 4 * index + 4);
    group.add([left!, top!, right!, bottom!], scores[index]!);
    if (group.boxes.length > before) begun.push({ group, place: before, first: index });
  }
  const fused = new Candidates();
  for (const { group, place, first } of begun.slice(0, maxDetections)) {
    const [left, top, right, bottom] = group.boxes[place]!;
    fused.add(left, top, right, bottom, scores[first]!, classIds[first]!);
  }
  return fused;
}
