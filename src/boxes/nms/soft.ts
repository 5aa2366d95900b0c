import { Candidates } from '../candidates.ts';
import type { XyxyPx } from '../formats.ts';
import { iou } from '../iou.ts';
import type { NmsOptions } from './options.ts';

export interface SoftNmsOptions extends NmsOptions {
  /**
   * `linear`: a score falls to score · (1 − IoU) for each better box that overlaps by more than the threshold.
   * `gaussian`: to score · exp(−IoU² / sigma) for each better box, whatever the threshold.
   */
  readonly decay: 'linear' | 'gaussian';
  /** Of `gaussian`: the larger, the less a score falls. @default 0.5 */
  readonly sigma?: number | undefined;
  /** A box goes if its score has fallen to this or less, 0–1. @default 0.001 */
  readonly scoreThreshold?: number | undefined;
}

/**
 * Soft-NMS, https://arxiv.org/abs/1704.04503: no box is struck out, but each lowers the scores of those of its class
 * that it overlaps. The next is the best by the scores that are left, of equal ones the earlier.
 * @returns the boxes above the score threshold with their new scores, best first
 */
export function softNms(candidates: Candidates, options: SoftNmsOptions): Candidates {
  const {
    iouThreshold,
    maxDetections,
    agnostic = false,
    decay,
    sigma = 0.5,
    scoreThreshold = 0.001,
  } = options;
  const { boxes, classIds, count } = candidates;
  const scores = Float64Array.from(candidates.scores);
  const box = (index: number) => boxes.subarray(4 * index, 4 * index + 4) as unknown as XyxyPx;
  const kept = new Candidates();
  let left = Array.from({ length: count }, (_, index) => index);
  while (kept.count < maxDetections) {
    // As scores are kept, in single precision: what is reported is above the threshold.
    left = left.filter((index) => Math.fround(scores[index]!) > scoreThreshold);
    if (left.length === 0) break;
    const best = left.reduce((a, b) => (scores[b]! > scores[a]! ? b : a));
    const own = box(best);
    kept.add(...(own as readonly [number, number, number, number]), scores[best]!, classIds[best]!);
    left = left.filter((index) => index !== best);
    for (const index of left) {
      if (!agnostic && classIds[index] !== classIds[best]) continue;
      const overlap = iou(own, box(index));
      if (decay === 'gaussian') scores[index]! *= Math.exp(-(overlap ** 2) / sigma);
      else if (overlap > iouThreshold) scores[index]! *= 1 - overlap;
    }
  }
  return kept;
}
