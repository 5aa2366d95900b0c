import { type Bootstrap, resampledIntervals } from '../bootstrap/bootstrap.ts';
import { prepareEvaluation } from '../bootstrap/prepare.ts';
import { type BootstrapOptions, type Resampled, resample } from '../bootstrap/resample.ts';
import type { EvaluationInput } from '../tables.ts';
import { matchImages, TIDE_DEFAULTS, type TideMatches } from '../tide/match-images.ts';
import { type TideReport, tideCosts } from '../tide/tide.ts';
import { byAspect, byCrowding, byOverlap, type OverlapPart, type Part } from './breakdowns.ts';
import { type Calibration, calibration } from './calibration.ts';
import { type Confusion, confusion } from './confusion.ts';
import { type InstructiveImage, instructiveImages, type Suspect, suspectLabels } from './instructive.ts';
import { type ScoreCurves, scoreCurves } from './score-curves.ts';

/** Explains the figures of an evaluation. */
export interface Analysis {
  readonly bootstrap: Bootstrap;
  /** The resamples of `bootstrap`, for comparison with another model. */
  readonly resampled: Resampled;
  readonly tide: TideReport;
  readonly curves: { readonly all: ScoreCurves; readonly classes: readonly ScoreCurves[] };
  /** Score with the highest F1 over all classes. It is the score threshold of `confusion`, `images` and `suspects`. */
  readonly workingThreshold: number;
  readonly confusion: Confusion;
  readonly calibration: Calibration;
  readonly aspects: readonly Part[];
  readonly crowding: readonly Part[];
  readonly overlaps: readonly OverlapPart[];
  readonly images: readonly InstructiveImage[];
  readonly suspects: readonly Suspect[];
  /** Matches of all detections at IoU 0.5. */
  readonly matches: TideMatches;
}

/** Default if there are no true positives. */
const USUAL_THRESHOLD = 0.25;

/** Analyzes detections: the cost of each kind of error, confidence intervals, and instructive images. */
export function analyzeDetections(input: EvaluationInput, options: BootstrapOptions = {}): Analysis {
  const matches = matchImages(input, TIDE_DEFAULTS);
  const curves = scoreCurves(input, matches);
  const resampled = resample(prepareEvaluation(input), options);
  const workingThreshold = curves.all.best?.score ?? USUAL_THRESHOLD;
  return {
    bootstrap: resampledIntervals(resampled),
    resampled,
    tide: tideCosts(input, matches),
    curves,
    workingThreshold,
    confusion: confusion(input, workingThreshold),
    calibration: calibration(input, matches),
    aspects: byAspect(input),
    crowding: byCrowding(input),
    overlaps: byOverlap(input, matches),
    images: instructiveImages(input, workingThreshold),
    suspects: suspectLabels(input, matches, workingThreshold),
    matches,
  };
}
