import { OUTCOME } from '../matching.ts';
import type { EvaluationInput } from '../tables.ts';
import type { TideMatches } from '../tide/match-images.ts';

/** Precision, recall and F1 at a score threshold. */
export interface Operation {
  /** Score threshold, 0–1. */
  readonly score: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Curves of a class, or of all classes together. */
export interface ScoreCurves {
  /** Undefined for all classes together. */
  readonly categoryId: number | undefined;
  readonly truths: number;
  readonly detections: number;
  /** Best precision at a recall of at least 0, 0.01 … 1. */
  readonly precisionByRecall: readonly number[];
  /** Figures at score thresholds 0, 0.01 … 1. */
  readonly byScore: readonly Operation[];
  /** Figures at the threshold with the highest F1; undefined if there are no true positives. */
  readonly best: Operation | undefined;
}

const STEPS = 100;

interface Ranked {
  readonly scores: Float64Array;
  /** `hits[n]` is the number of hits among the first n detections. */
  readonly hits: Int32Array;
}

function rank(places: Int32Array, scoreOf: (d: number) => number, isHit: (d: number) => boolean): Ranked {
  const order = places.slice().sort((a, b) => scoreOf(b) - scoreOf(a));
  const hits = new Int32Array(order.length + 1);
  for (let i = 0; i < order.length; i++) hits[i + 1] = hits[i]! + (isHit(order[i]!) ? 1 : 0);
  return { scores: Float64Array.from(order, scoreOf), hits };
}

function operation({ scores, hits }: Ranked, count: number, truths: number, score: number): Operation {
  const hit = hits[count]!;
  // Without detections, none is false.
  const precision = count === 0 ? 1 : hit / count;
  const recall = truths === 0 ? 0 : hit / truths;
  const f1 = hit === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { score: score < 0 ? scores[count - 1]! : score, precision, recall, f1 };
}

function curves(ranked: Ranked, truths: number, categoryId: number | undefined): ScoreCurves {
  const { scores, hits } = ranked;
  const byScore: Operation[] = [];
  let count = scores.length;
  for (let step = 0; step <= STEPS; step++) {
    while (count > 0 && scores[count - 1]! < step / STEPS) count--;
    byScore.push(operation(ranked, count, truths, step / STEPS));
  }
  let best: Operation | undefined;
  for (let n = 1; n <= scores.length; n++) {
    // A threshold keeps or drops equal scores together.
    if (n < scores.length && scores[n] === scores[n - 1]) continue;
    const at = operation(ranked, n, truths, -1);
    if (at.f1 > (best?.f1 ?? 0)) best = at;
  }
  const precisionByRecall = new Array<number>(STEPS + 1).fill(0);
  let [envelope, level] = [0, STEPS];
  for (let n = scores.length; n > 0; n--) {
    if (hits[n] === hits[n - 1]) continue;
    while (level >= 0 && hits[n]! / Math.max(1, truths) < level / STEPS)
      precisionByRecall[level--] = envelope;
    envelope = Math.max(envelope, hits[n]! / n);
  }
  while (level >= 0) precisionByRecall[level--] = envelope;
  return { categoryId, truths, detections: scores.length, precisionByRecall, byScore, best };
}

/** Curves for each class with truths and for all classes together, without ignored detections. */
export function scoreCurves(
  { truths, detections, categoryIds }: EvaluationInput,
  { rows, outcomes }: TideMatches,
): { readonly all: ScoreCurves; readonly classes: readonly ScoreCurves[] } {
  const counts = new Int32Array(categoryIds.length);
  for (let row = 0; row < truths.count; row++) if (!truths.crowd[row]) counts[truths.categories[row]!]!++;
  const counted = Int32Array.from({ length: rows.length }, (_, d) => d).filter(
    (d) => outcomes[d] !== OUTCOME.ignored,
  );
  const scoreOf = (d: number) => detections.scores[rows[d]!]!;
  const isHit = (d: number) => outcomes[d] === OUTCOME.truePositive;
  const ranked = (places: Int32Array) => rank(places, scoreOf, isHit);
  const ofClass = categoryIds.map((): number[] => []);
  for (const d of counted) ofClass[detections.categories[rows[d]!]!]!.push(d);
  return {
    all: curves(
      ranked(counted),
      counts.reduce((sum, count) => sum + count, 0),
      undefined,
    ),
    classes: categoryIds.flatMap((id, k) =>
      counts[k] === 0 ? [] : [curves(ranked(Int32Array.from(ofClass[k]!)), counts[k]!, id)],
    ),
  };
}
