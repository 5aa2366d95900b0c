import type { Candidates } from '../candidates.ts';

/** Options of non-maximum suppression. */
export interface NmsOptions {
  /** A box goes where it overlaps a better one of its class by more than this, 0–1. */
  readonly iouThreshold: number;
  /** Boxes kept at most, the best ones. */
  readonly maxDetections: number;
  /** Whether boxes suppress those of other classes too. @default false */
  readonly agnostic?: boolean;
}

/**
 * Grows a list of kept boxes in flat arrays, and tells what they overlap. Computes `iou` of its own, since
 * an object for each of millions of comparisons would cost more than the comparison.
 */
class KeptBoxes {
  readonly indices: number[] = [];
  readonly #boxes: Float64Array;
  readonly #threshold: number;

  constructor(boxes: Float64Array, threshold: number) {
    this.#boxes = boxes;
    this.#threshold = threshold;
  }

  suppress(index: number): boolean {
    const boxes = this.#boxes;
    const left = boxes[4 * index]!;
    const top = boxes[4 * index + 1]!;
    const right = boxes[4 * index + 2]!;
    const bottom = boxes[4 * index + 3]!;
    const area = Math.max(0, right - left) * Math.max(0, bottom - top);
    for (const kept of this.indices) {
      const l = boxes[4 * kept]!;
      const t = boxes[4 * kept + 1]!;
      const r = boxes[4 * kept + 2]!;
      const b = boxes[4 * kept + 3]!;
      const width = Math.min(right, r) - Math.max(left, l);
      const height = Math.min(bottom, b) - Math.max(top, t);
      if (!(width > 0 && height > 0)) continue;
      const intersection = width * height;
      const union = area + Math.max(0, r - l) * Math.max(0, b - t) - intersection;
      if (intersection / union > this.#threshold) return true;
    }
    return false;
  }
}

/**
 * Greedy non-maximum suppression: best score first (of equal ones the earlier), each box is kept unless it
 * overlaps a kept one of its class by more than the threshold.
 * @returns indices of the kept boxes, best first
 */
export function greedyNms(candidates: Candidates, options: NmsOptions): number[] {
  const { iouThreshold, maxDetections, agnostic = false } = options;
  const { boxes, scores, classIds, count } = candidates;
  const order = Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  const byClass = new Map<number, KeptBoxes>();
  const kept: number[] = [];
  for (const index of order) {
    if (kept.length >= maxDetections) break;
    const group = agnostic ? 0 : classIds[index]!;
    let rivals = byClass.get(group);
    if (!rivals) {
      rivals = new KeptBoxes(boxes, iouThreshold);
      byClass.set(group, rivals);
    }
    if (rivals.suppress(index)) continue;
    rivals.indices.push(index);
    kept.push(index);
  }
  return kept;
}
