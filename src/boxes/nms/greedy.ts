import type { Candidates } from '../candidates.ts';
import { bestFirst, type NmsOptions } from './options.ts';

/**
 * A growing list of kept boxes in flat arrays, with overlap tests. It computes IoU itself, because an object per
 * comparison would cost more than the millions of comparisons.
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
 * Greedy non-maximum suppression. Boxes are visited from the best score to the worst, and the earlier one first if
 * scores are equal. A box is kept unless its IoU with a kept box of its class is above the threshold.
 * @returns indices of the kept boxes, best first
 */
export function greedyNms(candidates: Candidates, options: NmsOptions): number[] {
  const { iouThreshold, maxDetections, agnostic = false } = options;
  const { boxes, classIds } = candidates;
  const byClass = new Map<number, KeptBoxes>();
  const kept: number[] = [];
  for (const index of bestFirst(candidates)) {
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
