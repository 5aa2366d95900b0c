import type { XyxyPx } from '../../boxes/formats.ts';
import type { AddBox, DecoderView } from './decoder.ts';

/**
 * Calls back for the classes of one prediction that score above the threshold: all of them, or the best one.
 * @param data scores of the classes, 0–1: the first one at `start`, the others at intervals of `step`
 * @param factor multiplies each score: objectness, or 1
 */
export function addScores(
  data: Float32Array,
  start: number,
  step: number,
  classes: number,
  factor: number,
  { scoreThreshold, multiLabel }: Pick<DecoderView, 'scoreThreshold' | 'multiLabel'>,
  add: (score: number, classId: number) => void,
): void {
  let [best, bestScore] = [-1, scoreThreshold];
  for (let k = 0; k < classes; k++) {
    const score = Math.fround(factor * data[start + k * step]!);
    if (multiLabel) {
      if (score > scoreThreshold) add(score, k);
    } else if (score > bestScore) [best, bestScore] = [k, score];
  }
  if (best >= 0) add(bestScore, best);
}

/** Adds a box given in pixels of the photo. */
export function addFromPhoto(
  view: DecoderView,
  box: XyxyPx,
  score: number,
  classId: number,
  add: AddBox,
): void {
  const [left, top, right, bottom] = view.fromPhoto(box);
  add(left, top, right, bottom, score, classId);
}
