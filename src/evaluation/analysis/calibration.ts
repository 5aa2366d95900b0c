import { OUTCOME } from '../matching.ts';
import type { EvaluationInput } from '../tables.ts';
import type { TideMatches } from '../tide/match-images.ts';

/** Detections whose scores lie in one range. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means; 0 if there are none. */
  readonly score: number;
  readonly precision: number;
}

/** Whether scores are what they say: of detections that score 0.8, four of five should be right. */
export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Mean distance of score and precision, each bin by its detections (Naeini and others, 2015), 0–1. */
  readonly expectedError: number;
  /** The largest distance of a bin with at least ten detections. */
  readonly largestError: number;
}

const FEW = 10;

/** Compares scores with the share of right detections, in ranges of equal width, without ignored detections. */
export function calibration(
  { detections }: EvaluationInput,
  { rows, outcomes }: TideMatches,
  count = 10,
): Calibration {
  const totals = Array.from({ length: count }, () => ({ count: 0, scores: 0, hits: 0 }));
  for (let d = 0; d < rows.length; d++) {
    if (outcomes[d] === OUTCOME.ignored) continue;
    const score = detections.scores[rows[d]!]!;
    const bin = totals[Math.min(count - 1, Math.max(0, Math.floor(score * count)))]!;
    bin.count++;
    bin.scores += score;
    if (outcomes[d] === OUTCOME.truePositive) bin.hits++;
  }
  const bins = totals.map(({ count: n, scores, hits }, at): CalibrationBin => {
    const mean = (sum: number) => (n === 0 ? 0 : sum / n);
    return { from: at / count, to: (at + 1) / count, count: n, score: mean(scores), precision: mean(hits) };
  });
  const all = bins.reduce((sum, bin) => sum + bin.count, 0);
  const distance = ({ score, precision }: CalibrationBin) => Math.abs(score - precision);
  return {
    bins,
    expectedError: bins.reduce((sum, bin) => sum + (bin.count / Math.max(1, all)) * distance(bin), 0),
    largestError: Math.max(0, ...bins.filter((bin) => bin.count >= FEW).map(distance)),
  };
}
