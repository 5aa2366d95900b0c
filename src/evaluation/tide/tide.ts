import type { EvaluationInput } from '../tables.ts';
import { type Fix, fixedPrecision } from './fixed-precision.ts';
import {
  DETECTION_ERRORS,
  matchImages,
  TIDE_DEFAULTS,
  type TideMatches,
  type TideThresholds,
} from './match-images.ts';

/** The kinds of errors, in TIDE's order. */
export const TIDE_ERRORS = [...DETECTION_ERRORS, 'missed'] as const;
/** A kind of error: one of a detection, or a missed truth. */
export type TideError = (typeof TIDE_ERRORS)[number];

/** Errors of one kind. */
export interface TideCost {
  /** Kind of the errors. */
  readonly kind: TideError;
  /** Number of errors of this kind. */
  readonly count: number;
  /** Rise of AP if only these errors were fixed, 0–1. */
  readonly cost: number;
}

/** Causes of lost average precision at one IoU. */
export interface TideReport {
  /**
   * Mean over the classes with objects or detections, 0–1; −1 if there are none. COCO's AP50 leaves out classes
   * without objects.
   */
  readonly AP: number;
  /** Cost of each kind, in the order of `TIDE_ERRORS`. */
  readonly errors: readonly TideCost[];
  /** Rise of AP if all false positives, or all false negatives, were fixed, 0–1. */
  readonly special: {
    /** Rise without false positives. */
    readonly falsePositives: number;
    /** Rise without false negatives. */
    readonly falseNegatives: number;
  };
}

/** Costs of the errors of matched detections. */
export function tideCosts(input: EvaluationInput, matches: TideMatches): TideReport {
  const AP = fixedPrecision(input, matches, 'nothing');
  const gain = (fix: Fix) => fixedPrecision(input, matches, fix) - AP;
  const counts = new Int32Array(TIDE_ERRORS.length);
  for (const error of matches.errors) if (error >= 0) counts[error]!++;
  counts[TIDE_ERRORS.indexOf('missed')] = matches.missed.length;
  return {
    AP,
    // Sampling at fixed recall levels can make a gain slightly negative.
    errors: TIDE_ERRORS.map((kind, at) => ({ kind, count: counts[at]!, cost: Math.max(0, gain(kind)) })),
    special: { falsePositives: gain('false positives'), falseNegatives: gain('false negatives') },
  };
}

/**
 * Splits the lost average precision by the kind of error (TIDE, https://arxiv.org/abs/2008.08115). Matches the
 * package `tidecv` 1.0.1, with images in the order of their ids.
 */
export function evaluateTide(input: EvaluationInput, thresholds: Partial<TideThresholds> = {}): TideReport {
  return tideCosts(input, matchImages(input, { ...TIDE_DEFAULTS, ...thresholds }));
}
