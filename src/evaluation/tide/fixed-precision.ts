import { OUTCOME } from '../matching.ts';
import type { EvaluationInput } from '../tables.ts';
import { DETECTION_ERRORS, type DetectionError, type TideMatches } from './match-images.ts';

/** Steps of recall at which precision is read. */
const STEPS = 100;

/** One class's detections in TIDE's order, and the truths that are to be found. */
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

  /** Average precision, 0–1, at 101 levels of recall; 0 without truths. */
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
    // At recall 0 the first detection counts, which the envelope makes the first hit.
    let [sum, at] = [0, 0];
    for (let step = 0; step <= STEPS; step++) {
      while (at < recalls.length && recalls[at]! < step / STEPS) at++;
      if (at < recalls.length) sum += precisions[at]!;
    }
    return sum / (STEPS + 1);
  }
}

/** What is made right before precision is read. */
export type Fix = DetectionError | 'missed' | 'false positives' | 'false negatives' | 'nothing';

/** Of each truth that nothing found, the best detection of the errors about it: the only one that a fix makes true. */
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
 * Mean average precision, 0–1, with some errors made right, as TIDE does it: the mean goes over the classes that have
 * truths or detections left. −1 if there are none.
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
  // Of equal scores the earlier counts first. Once something is fixed, TIDE puts errors before what is true.
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
