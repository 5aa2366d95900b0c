import { OUTCOME } from '../matching.ts';
import { sortBy } from '../sort-rows.ts';
import type { EvaluationInput } from '../tables.ts';

/** Kinds of detection errors, in TIDE's order. Missed truths are the sixth kind of error. */
export const DETECTION_ERRORS = [
  'classification',
  'localization',
  'both',
  'duplicate',
  'background',
] as const;
/** One of the errors that a detection can have. */
export type DetectionError = (typeof DETECTION_ERRORS)[number];

/** Thresholds between the kinds of errors. */
export interface TideThresholds {
  /** IoU from which a detection matches an object. @default 0.5 */
  readonly foreground: number;
  /** IoU up to which a detection counts as background. @default 0.1 */
  readonly background: number;
  /** Maximum number of detections per image. The best ones count. @default 100 */
  readonly maxDetections: number;
}

export const TIDE_DEFAULTS: TideThresholds = { foreground: 0.5, background: 0.1, maxDetections: 100 };

/** Outcomes of all detections, in columns: image by image, best first. */
export interface TideMatches {
  /** Rows of the detections that count. */
  readonly rows: Int32Array;
  /** One of `OUTCOME` for each detection. */
  readonly outcomes: Uint8Array;
  /** Index in `DETECTION_ERRORS`; −1 for a true positive. As in TIDE, ignored detections have an error too. */
  readonly errors: Int8Array;
  /** Row of the truth that is found, or that the error relates to; −1 if there is none. */
  readonly truths: Int32Array;
  /** For each row of the truths: 1 if a detection found it. */
  readonly found: Uint8Array;
  /** Rows of the truths that no detection found, without crowds. */
  readonly unfound: readonly number[];
  /** Rows of `unfound` that no classification or localization error relates to. */
  readonly missed: readonly number[];
}

const place = (error: DetectionError) => DETECTION_ERRORS.indexOf(error);
const ERROR = {
  classification: place('classification'),
  localization: place('localization'),
  both: place('both'),
  duplicate: place('duplicate'),
  background: place('background'),
};

/** IoU, shape [detections, truths]. For a crowd, the share of the detection inside it. */
function overlapsOf({ truths, detections }: EvaluationInput, found: Int32Array, objects: Int32Array) {
  const [a, b] = [detections.boxes, truths.boxes];
  const overlaps = new Float64Array(found.length * objects.length);
  let at = 0;
  for (const row of found) {
    const [x, y, w, h] = [a[4 * row]!, a[4 * row + 1]!, a[4 * row + 2]!, a[4 * row + 3]!];
    for (const other of objects) {
      const [left, top] = [b[4 * other]!, b[4 * other + 1]!];
      const [width, height] = [b[4 * other + 2]!, b[4 * other + 3]!];
      const across = Math.min(x + w, left + width) - Math.max(x, left);
      const down = Math.min(y + h, top + height) - Math.max(y, top);
      if (across > 0 && down > 0) {
        const shared = across * down;
        overlaps[at] = shared / (truths.crowd[other] ? w * h : w * h + width * height - shared);
      }
      at++;
    }
  }
  return overlaps;
}

/** Groups the rows of a table by image, keeping their order within an image. */
export function byImage(
  images: Int32Array,
  count: number,
  imageCount: number,
): (image: number) => Int32Array {
  const { rows, ends } = sortBy(
    Int32Array.from({ length: count }, (_, row) => row),
    images,
    imageCount,
  );
  return (image) => rows.subarray(image === 0 ? 0 : ends[image - 1]!, ends[image]!);
}

/** Largest overlap and its index, the first if several are equal. 0 if there are none, as in TIDE. */
function highest(count: number, overlap: (place: number) => number): readonly [value: number, place: number] {
  let [best, at] = [0, 0];
  for (let place = 0; place < count; place++) {
    const value = overlap(place);
    if (value > best) [best, at] = [value, place];
  }
  return [best, at];
}

/**
 * Matches detections to truths and classifies the errors of unmatched detections, as TIDE does
 * (https://arxiv.org/abs/2008.08115). Images are processed in the order of their ids.
 */
export function matchImages(input: EvaluationInput, thresholds: TideThresholds): TideMatches {
  const { truths, detections, imageIds } = input;
  const { foreground, background, maxDetections } = thresholds;
  const objectsOf = byImage(truths.images, truths.count, imageIds.length);
  const detectionsOf = byImage(detections.images, detections.count, imageIds.length);
  const rows: number[] = [];
  const outcomes: number[] = [];
  const errors: number[] = [];
  const about: number[] = [];
  const found = new Uint8Array(truths.count);
  const unfound: number[] = [];
  const missed: number[] = [];
  for (let image = 0; image < imageIds.length; image++) {
    const all = objectsOf(image);
    const objects = all.filter((row) => !truths.crowd[row]);
    const crowds = all.filter((row) => truths.crowd[row]);
    const own = detectionsOf(image)
      .slice()
      .sort((a, b) => detections.scores[b]! - detections.scores[a]!)
      .subarray(0, maxDetections);
    const overlaps = overlapsOf(input, own, objects);
    const inCrowds = overlapsOf(input, own, crowds);
    const isSame = (d: number, other: number) => detections.categories[own[d]!] === truths.categories[other];
    const matches = new Int32Array(own.length).fill(-1);
    for (let d = 0; d < own.length; d++) {
      const [iou, t] = highest(objects.length, (t) =>
        isSame(d, objects[t]!) && !found[objects[t]!] ? overlaps[d * objects.length + t]! : 0,
      );
      if (objects.length === 0 || iou < foreground) continue;
      matches[d] = objects[t]!;
      found[objects[t]!] = 1;
    }
    const pointedAt = new Set<number>();
    for (let d = 0; d < own.length; d++) {
      rows.push(own[d]!);
      if (matches[d]! >= 0) {
        outcomes.push(OUTCOME.truePositive);
        errors.push(-1);
        about.push(matches[d]!);
        continue;
      }
      const isIgnored = crowds.some(
        (row, t) => isSame(d, row) && inCrowds[d * crowds.length + t]! > foreground,
      );
      outcomes.push(isIgnored ? OUTCOME.ignored : OUTCOME.falsePositive);
      const best = (fits: (row: number) => boolean) =>
        highest(objects.length, (t) => (fits(objects[t]!) ? overlaps[d * objects.length + t]! : 0));
      const [error, truth] = errorOf(best, (row) => isSame(d, row), found, objects, {
        foreground,
        background,
      });
      errors.push(error);
      about.push(truth);
      if (error === ERROR.localization || error === ERROR.classification) pointedAt.add(truth);
    }
    for (const row of objects) {
      if (found[row]) continue;
      unfound.push(row);
      if (!pointedAt.has(row)) missed.push(row);
    }
  }
  return {
    rows: Int32Array.from(rows),
    outcomes: Uint8Array.from(outcomes),
    errors: Int8Array.from(errors),
    truths: Int32Array.from(about),
    found,
    unfound,
    missed,
  };
}

/** Error of an unmatched detection, and the truth that it relates to, or −1. The first test that applies wins. */
function errorOf(
  best: (fits: (row: number) => boolean) => readonly [value: number, place: number],
  isSame: (row: number) => boolean,
  found: Uint8Array,
  objects: Int32Array,
  { foreground, background }: Pick<TideThresholds, 'foreground' | 'background'>,
): readonly [error: number, truth: number] {
  if (objects.length === 0) return [ERROR.background, -1];
  const [same, nearest] = best(isSame);
  if (same >= background && same <= foreground) return [ERROR.localization, objects[nearest]!];
  const [other, confused] = best((row) => !isSame(row));
  if (other >= foreground) return [ERROR.classification, objects[confused]!];
  const [again, taken] = best((row) => isSame(row) && found[row] === 1);
  if (again >= foreground) return [ERROR.duplicate, objects[taken]!];
  const [any, near] = best(() => true);
  if (any <= background) return [ERROR.background, -1];
  return [ERROR.both, objects[near]!];
}
