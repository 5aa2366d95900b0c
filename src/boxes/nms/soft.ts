import { Candidates } from '../candidates.ts';
import type { XyxyPx } from '../formats.ts';
import { iou } from '../iou.ts';
import type { NmsOptions } from './options.ts';

export interface SoftNmsOptions extends NmsOptions {
  /**
   * How scores are reduced. `linear`: a score becomes score · (1 − IoU) for each better box with an IoU above the
   * threshold. `gaussian`: it becomes score · exp(−IoU² / sigma) for each better box, with any IoU.
   */
  readonly decay: 'linear' | 'gaussian';
  /** For `gaussian`: larger values reduce scores less. @default 0.5 */
  readonly sigma?: number | undefined;
  /** Boxes with a reduced score of at most this are dropped, 0–1. @default 0.001 */
  readonly scoreThreshold?: number | undefined;
}

/**
 * Soft-NMS, https://arxiv.org/abs/1704.04503: overlapping boxes are not removed. Instead, each box reduces the scores
 * of the boxes of its class that it overlaps. The next box is the best one by the reduced scores. If scores are equal,
 * it is the earlier one.
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
    // Scores are stored in single precision, and stored scores must be above the threshold.
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
