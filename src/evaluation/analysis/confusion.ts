import { type XywhPx, xywhToXyxy } from '../../boxes/formats.ts';
import { iou } from '../../boxes/iou.ts';
import type { EvaluationInput } from '../tables.ts';
import { byImage } from '../tide/match-images.ts';

/** Confusion matrix of a detector. */
export interface Confusion {
  /** Detections with lower scores do not count. */
  readonly scoreThreshold: number;
  readonly iouThreshold: number;
  readonly categoryIds: readonly number[];
  /**
   * Counts, shape [truth, found]: the classes in the order of `categoryIds`, then the background. The background row
   * counts detections without an object, the background column objects without a detection.
   */
  readonly counts: Int32Array;
}

interface Pair {
  readonly truth: number;
  readonly found: number;
  readonly overlap: number;
  readonly isSame: boolean;
}

const boxOf = (boxes: Float64Array, row: number) =>
  xywhToXyxy([
    boxes[4 * row]!,
    boxes[4 * row + 1]!,
    boxes[4 * row + 2]!,
    boxes[4 * row + 3]!,
  ] as const as XywhPx);

/** Share of a box's area that is inside a crowd. */
function shareInside(boxes: Float64Array, row: number, crowd: ReturnType<typeof boxOf>): number {
  const [left, top, right, bottom] = boxOf(boxes, row);
  const across = Math.min(right, crowd[2]) - Math.max(left, crowd[0]);
  const down = Math.min(bottom, crowd[3]) - Math.max(top, crowd[1]);
  return across > 0 && down > 0 ? (across * down) / ((right - left) * (bottom - top)) : 0;
}

/**
 * Counts the detected class of each object. Objects and detections with enough overlap are paired one to one: first
 * those with the same class, then by overlap. Detections inside a crowd of their class do not count.
 */
export function confusion(
  { truths, detections, categoryIds, imageIds }: EvaluationInput,
  scoreThreshold: number,
  iouThreshold = 0.5,
): Confusion {
  const side = categoryIds.length + 1;
  const background = categoryIds.length;
  const counts = new Int32Array(side * side);
  const add = (truth: number, found: number) => {
    counts[truth * side + found]!++;
  };
  const objectsOf = byImage(truths.images, truths.count, imageIds.length);
  const detectionsOf = byImage(detections.images, detections.count, imageIds.length);
  for (let image = 0; image < imageIds.length; image++) {
    const all = objectsOf(image);
    const found = detectionsOf(image).filter((row) => detections.scores[row]! >= scoreThreshold);
    const objects = all.filter((row) => !truths.crowd[row]);
    const pairs: Pair[] = [];
    for (const truth of objects) {
      for (const row of found) {
        const overlap = iou(boxOf(truths.boxes, truth), boxOf(detections.boxes, row));
        if (!(overlap >= iouThreshold)) continue;
        pairs.push({
          truth,
          found: row,
          overlap,
          isSame: truths.categories[truth] === detections.categories[row],
        });
      }
    }
    pairs.sort(
      (a, b) =>
        Number(b.isSame) - Number(a.isSame) ||
        b.overlap - a.overlap ||
        detections.scores[b.found]! - detections.scores[a.found]!,
    );
    const paired = { truths: new Set<number>(), found: new Set<number>() };
    for (const { truth, found: row } of pairs) {
      if (paired.truths.has(truth) || paired.found.has(row)) continue;
      paired.truths.add(truth);
      paired.found.add(row);
      add(truths.categories[truth]!, detections.categories[row]!);
    }
    for (const row of objects) if (!paired.truths.has(row)) add(truths.categories[row]!, background);
    const crowds = all.filter((row) => truths.crowd[row]);
    for (const row of found) {
      if (paired.found.has(row)) continue;
      const isInCrowd = crowds.some(
        (crowd) =>
          truths.categories[crowd] === detections.categories[row] &&
          shareInside(detections.boxes, row, boxOf(truths.boxes, crowd)) >= iouThreshold,
      );
      if (!isInCrowd) add(background, detections.categories[row]!);
    }
  }
  return { scoreThreshold, iouThreshold, categoryIds, counts };
}
