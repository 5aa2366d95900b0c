import type { Dataset } from '../datasets/dataset.ts';
import { firstNames } from '../foundation/errors/errors.ts';
import type { DetectionList } from './detection-list.ts';
import { Overlaps, otherReading } from './readings.ts';

/** Remarks about detections, in addition to their figures. */
export interface Explanation {
  /** One line each. */
  readonly notes: readonly string[];
  /** Number of detections that do not count: with a category that the data lacks, or with negative sides. */
  readonly leftOut: number;
  /** Whether boxes or class ids seem to be in another format. */
  readonly misread: boolean;
}

/** Below this AP50, the cause is investigated. */
const LOW_AP50 = 0.2;
/** Boxes with a shorter side, in pixels, count as tiny. */
const HALF_PIXEL = 0.5;

const shownBox = (boxes: Float64Array, row: number) =>
  `[${[...boxes.subarray(4 * row, 4 * row + 4)].join(', ')}]`;

/** Counts the rows that pass a test, and returns the first one. */
function rowsWhere(
  count: number,
  test: (row: number) => boolean,
): { readonly count: number; readonly first: number } {
  let [found, first] = [0, -1];
  for (let row = 0; row < count; row++) {
    if (!test(row)) continue;
    if (found++ === 0) first = row;
  }
  return { count: found, first };
}

function shownIds(ids: Iterable<number>): string {
  return firstNames([...new Set(ids)].sort((a, b) => a - b).map(String));
}

type Sides = (row: number) => readonly [left: number, top: number, width: number, height: number];

const sidesOf =
  (boxes: Float64Array): Sides =>
  (row) => [boxes[4 * row]!, boxes[4 * row + 1]!, boxes[4 * row + 2]!, boxes[4 * row + 3]!];

interface Boxes {
  readonly count: number;
  readonly boxes: Float64Array;
  /** Size of a box's image. The width is 0 if the data does not state it. */
  readonly size: (row: number) => { readonly width: number; readonly height: number };
  readonly what: string;
}

/** Notes if most boxes are outside their image or tiny. */
function invisible({ count, boxes, size, what }: Boxes): readonly string[] {
  const sides = sidesOf(boxes);
  const outside = rowsWhere(count, (row) => {
    const { width, height } = size(row);
    const [left, top, wide, high] = sides(row);
    if (!(width > 0) || wide < 0 || high < 0) return false;
    return left >= width || top >= height || left + wide <= 0 || top + high <= 0;
  });
  const tiny = rowsWhere(count, (row) => {
    const [, , wide, high] = sides(row);
    return wide >= 0 && high >= 0 && (wide < HALF_PIXEL || high < HALF_PIXEL);
  });
  const notes: string[] = [];
  if (2 * outside.count > count) {
    const { width, height } = size(outside.first);
    notes.push(
      `${outside.count} of ${count} ${what} are outside their image (${shownBox(boxes, outside.first)} in ${width}×${height})`,
    );
  }
  if (2 * tiny.count > count)
    notes.push(
      `${tiny.count} of ${count} ${what} are under half a pixel wide or high (${shownBox(boxes, tiny.first)})`,
    );
  return notes;
}

function scoreNotes({ count, scores }: DetectionList): readonly string[] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) [least, most] = [Math.min(least, score), Math.max(most, score)];
  const notes: string[] = [];
  if (least < 0 || most > 1) {
    const percent = least >= 0 && most <= 100 ? ', like percentages' : '';
    notes.push(
      `scores range from ${least} to ${most}${percent}, expected 0 to 1; only their order counts, so the figures are right`,
    );
  }
  if (count > 1 && least === most)
    notes.push(
      `all ${count} scores are ${least}: figures depend on the order of the images; write each detection's score`,
    );
  return notes;
}

/** Notes on reasons for low figures other than bad detections. */
function lowNotes(
  dataset: Dataset,
  detections: DetectionList,
  { ownBoxes }: { readonly ownBoxes: boolean },
): { readonly notes: readonly string[]; readonly misread: boolean } {
  const { annotations, images } = dataset;
  const imageOf = new Map(images.map((image) => [image.id, image]));
  const { count, boxes, imageIds } = detections;
  const ofDetections = invisible({
    count,
    boxes,
    size: (row) => imageOf.get(imageIds[row]!)!,
    what: 'detections',
  });
  const notes = [
    ...invisible({ ...annotations, size: (row) => images[annotations.images[row]!]!, what: 'true boxes' }),
    ...ofDetections,
  ];
  const withTruth = new Set(annotations.images.subarray(0, annotations.count));
  const searched = new Set(imageIds);
  const covered = [...withTruth].filter((image) => searched.has(images[image]!.id)).length;
  if (2 * covered < withTruth.size)
    notes.push(
      `only ${covered} of ${withTruth.size} images with true boxes have detections; do they belong to this data set?`,
    );
  const overlaps = new Overlaps(dataset, detections);
  const other = otherReading(overlaps, dataset, ownBoxes);
  const withinPixel = boxes.every((side) => Math.abs(side) <= 1);
  if (withinPixel && other.boxes === undefined)
    notes.push('no box value is above 1: they look like fractions of the image; write pixels');
  const readings = [other.boxes, other.classes].filter((note) => note !== undefined);
  const misread = readings.length > 0 || withinPixel || ofDetections.length > 0;
  return { notes: [...notes, ...readings], misread: misread && !ownBoxes };
}

/** Note on the best overlaps, used if no other cause is found. */
function nearest(dataset: Dataset, detections: DetectionList): string {
  const overlaps = new Overlaps(dataset, detections);
  const best = (fits: (found: number, truth: number) => boolean) =>
    Math.max(...overlaps.best((box) => box, fits)).toFixed(2);
  const ofClass = best((found, truth) => found === truth);
  return `no detection overlaps a true box of its class by half: the best IoU is ${ofClass}, or ${best(() => true)} for any class`;
}

/**
 * Explains what figures do not show: which detections do not count, and why figures are low.
 * @param AP50 AP50 of the detections; −1 if the data has no true boxes
 * @param options.ownBoxes whether the boxes come from a detector of this library; their format is then not questioned
 */
export function explainDetections(
  dataset: Dataset,
  detections: DetectionList,
  AP50: number,
  options: { readonly ownBoxes: boolean },
): Explanation {
  const { categories } = dataset;
  const { count, categoryIds, boxes } = detections;
  const notes: string[] = [];
  if (AP50 < 0) notes.push('the data has no true boxes: nothing is measured');
  if (count === 0) {
    if (AP50 >= 0) notes.push('no detections: every true box counts as missed');
    return { notes, leftOut: 0, misread: false };
  }
  const known = new Set(categories.map(({ id }) => id));
  const unknown = rowsWhere(count, (row) => !known.has(categoryIds[row]!));
  if (unknown.count > 0) {
    const ids = shownIds(categoryIds.filter((id) => !known.has(id)));
    const has = firstNames(
      [...categories].sort((a, b) => a.id - b.id).map(({ id, name }) => `${id} ${name}`),
    );
    notes.push(
      `${unknown.count} of ${count} detections are left out: the data has no category_id ${ids}, only ${has}`,
    );
  }
  const sides = sidesOf(boxes);
  const isNegative = (row: number) => sides(row)[2] < 0 || sides(row)[3] < 0;
  const negative = rowsWhere(count, isNegative);
  if (negative.count > 0) {
    notes.push(
      `${negative.count} of ${count} boxes have a negative width or height and match nothing (${shownBox(boxes, negative.first)}); expected left, top, width, height`,
    );
  }
  const leftOut = rowsWhere(count, (row) => !known.has(categoryIds[row]!) || isNegative(row)).count;
  notes.push(...scoreNotes(detections));
  if (AP50 < 0 || AP50 >= LOW_AP50) return { notes, leftOut, misread: false };
  const low = lowNotes(dataset, detections, options);
  notes.push(...low.notes);
  if (AP50 === 0 && leftOut < count && low.notes.length === 0) notes.push(nearest(dataset, detections));
  return { notes, leftOut, misread: low.misread };
}
