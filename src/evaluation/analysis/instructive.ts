import { OUTCOME } from '../matching.ts';
import type { DetectionTable, EvaluationInput } from '../tables.ts';
import { DETECTION_ERRORS, matchImages, TIDE_DEFAULTS, type TideMatches } from '../tide/match-images.ts';
import { TIDE_ERRORS, type TideError } from '../tide/tide.ts';

/** A detection and its verdict. */
export interface JudgedDetection {
  /** Row in the table of detections. */
  readonly row: number;
  /** `right`, `ignored` inside a crowd, or the error. */
  readonly verdict: TideError | 'right' | 'ignored';
}

/** An image with typical errors. */
export interface InstructiveImage {
  /** Index of the image in the evaluation. */
  readonly image: number;
  readonly detections: readonly JudgedDetection[];
  /** Rows of the truths that no detection matches. */
  readonly unfound: readonly number[];
  readonly kinds: readonly TideError[];
}

/** A possible labeling error. */
export interface Suspect {
  readonly kind: 'no truth' | 'never found' | 'other class';
  readonly image: number;
  /** Row of the detection; −1 for a truth that is never found. */
  readonly detection: number;
  /** Row of the truth; −1 for a detection without a truth. */
  readonly truth: number;
}

/** Selects detections by score, and returns their rows in the whole table. */
function scoringAtLeast(input: EvaluationInput, threshold: number) {
  const { detections } = input;
  const rows = Int32Array.from({ length: detections.count }, (_, row) => row).filter(
    (row) => detections.scores[row]! >= threshold,
  );
  const table: DetectionTable = {
    count: rows.length,
    images: rows.map((row) => detections.images[row]!),
    categories: rows.map((row) => detections.categories[row]!),
    boxes: Float64Array.from(
      { length: 4 * rows.length },
      (_, i) => detections.boxes[4 * rows[i >> 2]! + (i & 3)]!,
    ),
    scores: Float64Array.from(rows, (row) => detections.scores[row]!),
  };
  return { rows, input: { ...input, detections: table } };
}

interface ImageErrors {
  readonly detections: JudgedDetection[];
  readonly unfound: number[];
  /** Weight of each kind of error: the sum of the scores of false detections, or the number of missed truths. */
  readonly weights: Map<TideError, number>;
}

/**
 * Selects the images with the worst errors at a score threshold. The kinds of errors take turns, so that each kind is
 * represented.
 */
export function instructiveImages(
  input: EvaluationInput,
  scoreThreshold: number,
  most = 50,
): readonly InstructiveImage[] {
  const working = scoringAtLeast(input, scoreThreshold);
  const matches = matchImages(working.input, TIDE_DEFAULTS);
  const images = input.imageIds.map((): ImageErrors => ({ detections: [], unfound: [], weights: new Map() }));
  const weigh = (image: ImageErrors, kind: TideError, weight: number) =>
    image.weights.set(kind, (image.weights.get(kind) ?? 0) + weight);
  for (const [d, own] of matches.rows.entries()) {
    const row = working.rows[own]!;
    const image = images[input.detections.images[row]!]!;
    const error = DETECTION_ERRORS[matches.errors[d]!];
    const isIgnored = matches.outcomes[d] === OUTCOME.ignored;
    image.detections.push({ row, verdict: isIgnored ? 'ignored' : (error ?? 'right') });
    if (error !== undefined && !isIgnored) weigh(image, error, input.detections.scores[row]!);
  }
  for (const row of matches.unfound) images[input.truths.images[row]!]!.unfound.push(row);
  for (const row of matches.missed) weigh(images[input.truths.images[row]!]!, 'missed', 1);
  const queues = TIDE_ERRORS.map((kind) =>
    images
      .map(({ weights }, image) => ({ image, weight: weights.get(kind) ?? 0 }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight || a.image - b.image),
  );
  const chosen = new Set<number>();
  while (chosen.size < most && queues.some(({ length }) => length > 0)) {
    for (const queue of queues) {
      let next = queue.shift();
      while (next !== undefined && chosen.has(next.image)) next = queue.shift();
      if (next !== undefined && chosen.size < most) chosen.add(next.image);
    }
  }
  return [...chosen].map((image) => {
    const { detections, unfound, weights } = images[image]!;
    return { image, detections, unfound, kinds: TIDE_ERRORS.filter((kind) => weights.has(kind)) };
  });
}

/** Maximum number of suspects of each kind. */
const SUSPECTS = 24;

/**
 * Finds possible labeling errors: confident detections without a label or with a label of another class, and large
 * truths without any detection nearby.
 * @param matches matches of all detections
 * @param scoreThreshold minimum score of confident detections
 */
export function suspectLabels(
  { truths, detections }: EvaluationInput,
  matches: TideMatches,
  scoreThreshold: number,
): readonly Suspect[] {
  const sure = [...matches.rows.keys()]
    .filter((d) => matches.outcomes[d] === OUTCOME.falsePositive)
    .filter((d) => detections.scores[matches.rows[d]!]! >= scoreThreshold)
    .sort((a, b) => detections.scores[matches.rows[b]!]! - detections.scores[matches.rows[a]!]!);
  const ofError = (error: (typeof DETECTION_ERRORS)[number], kind: Suspect['kind']) =>
    sure
      .filter((d) => DETECTION_ERRORS[matches.errors[d]!] === error)
      .slice(0, SUSPECTS)
      .map((d): Suspect => {
        const row = matches.rows[d]!;
        return { kind, image: detections.images[row]!, detection: row, truth: matches.truths[d]! };
      });
  const area = (row: number) => truths.boxes[4 * row + 2]! * truths.boxes[4 * row + 3]!;
  const never = [...matches.missed]
    .sort((a, b) => area(b) - area(a))
    .slice(0, SUSPECTS)
    .map((row): Suspect => ({ kind: 'never found', image: truths.images[row]!, detection: -1, truth: row }));
  return [...ofError('background', 'no truth'), ...ofError('classification', 'other class'), ...never];
}
