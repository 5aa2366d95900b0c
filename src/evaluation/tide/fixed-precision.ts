import { OUTCOME } from '../matching.ts';
import type { EvaluationInput } from '../tables.ts';
import { DETECTION_ERRORS, type DetectionError, type TideMatches } from './match-images.ts';

/** Number of recall steps. */
const STEPS = 100;

/** Detections of one class in TIDE's order, and its number of truths. */
class Points {
  readonly scores: number[] = [];
  readonly isTrue: boolean[] = [];
  positives = 0;

  push(score: number, isTrue: boolean): void {
    this.scores.push(score);
    this.isTrue.push(isTrue);
  }

  get isEmpty(): boolean {
    return this.scores.length === 0 && this.positives === 0;
  }

  /** Average precision over 101 recall levels, 0–1; 0 without truths. */
  averagePrecision(): number {
    if (this.positives === 0) return 0;
    const order = Int32Array.from(this.scores, (_, index) => index);
    order.sort((a, b) => this.scores[b]! - this.scores[a]!);
    const precisions: number[] = [];
    const recalls: number[] = [];
    let [hits, seen] = [0, 0];
    for (const index of order) {
      seen++;
      if (!this.isTrue[index]) continue;
      hits++;
      precisions.push(hits / seen);
      recalls.push(hits / this.positives);
    }
    for (let i = precisions.length - 1; i > 0; i--)
      precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
    // At recall 0, TIDE uses the first detection. Through the envelope, this equals the first hit.
    let [sum, at] = [0, 0];
    for (let step = 0; step <= STEPS; step++) {
      while (at < recalls.length && recalls[at]! < step / STEPS) at++;
      if (at < recalls.length) sum += precisions[at]!;
    }
    return sum / (STEPS + 1);
  }
}

/** The errors that are fixed before computing precision. */
export type Fix = DetectionError | 'missed' | 'false positives' | 'false negatives' | 'nothing';

/** For each truth that was not found, the best of its erroneous detections. A fix turns only this one into a hit. */
function bestOfEach({ detections }: EvaluationInput, { rows, errors, truths, found }: TideMatches) {
  const best = new Map<number, number>();
  for (let d = 0; d < rows.length; d++) {
    const error = DETECTION_ERRORS[errors[d]!];
    if ((error !== 'classification' && error !== 'localization') || found[truths[d]!]) continue;
    const other = best.get(truths[d]!);
    if (other === undefined || detections.scores[rows[d]!]! > detections.scores[rows[other]!]!)
      best.set(truths[d]!, d);
  }
  return best;
}

/**
 * Mean average precision after fixing some errors, as in TIDE, 0–1. The mean covers the classes that still have truths
 * or detections. −1 if there are none.
 */
export function fixedPrecision(input: EvaluationInput, matches: TideMatches, fix: Fix): number {
  const { truths, detections, categoryIds } = input;
  const { rows, outcomes, errors, truths: about, missed, unfound } = matches;
  const classes = categoryIds.map(() => new Points());
  const best = bestOfEach(input, matches);
  const scoreOf = (d: number, isTrue: boolean) =>
    fix === 'false positives' ? Number(isTrue) : detections.scores[rows[d]!]!;
  const pushTrue = (d: number) => {
    classes[detections.categories[rows[d]!]!]!.push(scoreOf(d, true), true);
  };
  // For equal scores, order matters: TIDE puts errors before hits as soon as something is fixed.
  const isFixed = fix !== 'nothing';
  for (let d = 0; d < rows.length; d++) {
    const error = DETECTION_ERRORS[errors[d]!];
    if (error === undefined) {
      if (!isFixed) pushTrue(d);
    } else if (error !== fix) {
      if (outcomes[d] !== OUTCOME.ignored)
        classes[detections.categories[rows[d]!]!]!.push(scoreOf(d, false), false);
    } else if ((error === 'classification' || error === 'localization') && best.get(about[d]!) === d) {
      classes[truths.categories[about[d]!]!]!.push(scoreOf(d, true), true);
    }
  }
  for (let d = 0; isFixed && d < rows.length; d++) if (outcomes[d] === OUTCOME.truePositive) pushTrue(d);
  for (let row = 0; row < truths.count; row++)
    if (!truths.crowd[row]) classes[truths.categories[row]!]!.positives++;
  const removed = fix === 'missed' ? missed : fix === 'false negatives' ? unfound : [];
  for (const row of removed) classes[truths.categories[row]!]!.positives--;
  const precisions = classes.filter((own) => !own.isEmpty).map((own) => own.averagePrecision());
  if (precisions.length === 0) return -1;
  return precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
}
