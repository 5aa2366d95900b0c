import { sizeIou } from '../../boxes/iou.ts';
import { type Assigner, cellAt } from '../heads/targets.ts';

/**
 * YOLOv3's assignment (https://arxiv.org/abs/1804.02767): a truth is assigned to the anchor with the most similar
 * shape, in the cell of its center. If several heads share this anchor, it is assigned in each of them.
 */
export const bestAnchor: Assigner = ({ box: [left, top, right, bottom] }, heads) => {
  const sides = [right - left, bottom - top] as const;
  const candidates = heads.flatMap((head, index) => {
    const [row, column] = cellAt((left + right) / 2, (top + bottom) / 2, head);
    return head.layer.anchors.map((anchor, place) => ({
      head: index,
      anchor: place,
      row,
      column,
      match: sizeIou(sides, anchor),
    }));
  });
  const best = candidates.reduce((a, b) => (b.match > a.match ? b : a));
  const shape = ({ head, anchor }: { head: number; anchor: number }) =>
    heads[head]!.layer.anchors[anchor]!.join();
  const seen = new Set<number>();
  return candidates.filter((candidate) => {
    if (shape(candidate) !== shape(best) || seen.has(candidate.head)) return false;
    seen.add(candidate.head);
    return true;
  });
};
