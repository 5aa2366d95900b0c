import { OUTCOME } from '../matching.ts';
import type { EvaluationInput } from '../tables.ts';
import type { TideMatches } from '../tide/match-images.ts';

/** Detections with scores in one range. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean score; 0 if there are no detections. */
  readonly score: number;
  readonly precision: number;
}

/** Calibration of scores: four of five detections with score 0.8 should be correct. */
export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: mean gap between score and precision, weighted by count (Naeini et al., 2015), 0–1. */
  readonly expectedError: number;
  /** Largest gap of a bin with at least ten detections, 0–1. */
  readonly largestError: number;
}

const FEW = 10;

/** Compares scores with precision, in bins of equal width. Ignored detections do not count. */
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
