import { OUTCOME } from './matching.ts';

/** Precision of one category at each recall level, and the highest recall reached. */
export interface Curve {
  /** For each recall level: the best precision at that recall or higher; 0 if it is not reached. */
  readonly precision: Float64Array;
  /** For each recall level: the score of the detection that reaches it. */
  readonly scores: Float64Array;
  readonly recall: number;
}

/** pycocotools adds this to denominators, which affects the last digit. */
const SPACING = 2 ** -52;

/**
 * Computes the precision–recall curve of a category.
 * @param order detections, best first
 * @param outcomes outcome of each detection
 * @param positives number of truths that count, at least 1
 */
export function accumulateCurve(
  order: Int32Array,
  outcomes: Uint8Array,
  scores: Float64Array,
  positives: number,
  recallLevels: Float64Array,
): Curve {
  const precisions: number[] = [];
  const at: number[] = [];
  let falsePositives = 0;
  for (let i = 0; i < order.length; i++) {
    const outcome = outcomes[order[i]!]!;
    if (outcome === OUTCOME.falsePositive) falsePositives++;
    else if (outcome === OUTCOME.truePositive) {
      at.push(order[i]!);
      precisions.push(at.length / (falsePositives + at.length + SPACING));
    }
  }
  // Only true positives raise precision, so it is enough to compute the envelope over them.
  for (let i = precisions.length - 1; i > 0; i--) {
    if (precisions[i]! > precisions[i - 1]!) precisions[i - 1] = precisions[i]!;
  }
  const curve = {
    precision: new Float64Array(recallLevels.length),
    scores: new Float64Array(recallLevels.length),
    recall: at.length / positives,
  };
  let found = 0;
  for (let level = 0; level < recallLevels.length; level++) {
    while (found < at.length && (found + 1) / positives < recallLevels[level]!) found++;
    if (found === at.length) {
      // Recall 0 is reached by any detection.
      if (recallLevels[level]! <= 0 && order.length > 0) curve.scores[level] = scores[order[0]!]!;
      continue;
    }
    curve.precision[level] = precisions[found]!;
    curve.scores[level] = scores[recallLevels[level]! <= 0 ? order[0]! : at[found]!]!;
  }
  return curve;
}
