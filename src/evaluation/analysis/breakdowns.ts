import { evaluateCoco } from '../coco/coco-eval.ts';
import { rangeMetrics } from '../coco/coco-metrics.ts';
import { COCO_DEFAULTS } from '../coco/coco-settings.ts';
import type { EvaluationInput } from '../tables.ts';
import { byImage, type TideMatches } from '../tide/match-images.ts';

/** Figures for a part of the objects or images. */
export interface Part {
  readonly name: string;
  /** Definition of the part, in words. */
  readonly about: string;
  readonly images?: number | undefined;
  readonly truths: number;
  /** AP over IoU 0.50–0.95, 0–1; −1 without truths. */
  readonly AP: number;
  readonly AP50: number;
}

/** Objects with a similar degree of overlap with another object. */
export interface OverlapPart {
  readonly name: string;
  readonly truths: number;
  /** Share of the objects that is found at IoU 0.5, 0–1; −1 without truths. */
  readonly recall: number;
}

const ASPECTS = [
  { name: 'very tall', about: 'width under half the height', least: 0, most: 0.5 },
  { name: 'tall', about: 'width 0.5 to 0.8 of the height', least: 0.5, most: 0.8 },
  { name: 'square', about: 'width 0.8 to 1.25 of the height', least: 0.8, most: 1.25 },
  { name: 'wide', about: 'width 1.25 to 2 times the height', least: 1.25, most: 2 },
  { name: 'very wide', about: 'width over twice the height', least: 2, most: Number.POSITIVE_INFINITY },
];

const aspects = (boxes: Float64Array, count: number) =>
  Float64Array.from({ length: count }, (_, row) => boxes[4 * row + 2]! / boxes[4 * row + 3]!);

/** AP by aspect ratio. Objects and false detections with other aspect ratios are ignored. */
export function byAspect(input: EvaluationInput): readonly Part[] {
  const { truths, detections } = input;
  const ofTruths = aspects(truths.boxes, truths.count);
  const shaped = {
    ...input,
    truths: { ...truths, areas: ofTruths },
    detections: { ...detections, areas: aspects(detections.boxes, detections.count) },
  };
  const evaluation = evaluateCoco(shaped, { areaRanges: ASPECTS, maxDetections: [100] });
  return ASPECTS.map(({ name, about, least, most }) => ({
    name,
    about,
    truths: ofTruths.filter((value, row) => !truths.crowd[row] && value >= least && value <= most).length,
    ...rangeMetrics(evaluation, name),
  }));
}

/** Filters the rows of a table. */
function keptRows<T extends EvaluationInput['truths'] | EvaluationInput['detections']>(
  table: T,
  isKept: (row: number) => boolean,
): T {
  const rows = Int32Array.from({ length: table.count }, (_, row) => row).filter(isKept);
  const entries = Object.entries(table).map(([name, column]): readonly [string, unknown] => {
    if (!ArrayBuffer.isView(column)) return [name, column];
    const values = column as unknown as Float64Array;
    if (name !== 'boxes')
      return [name, (values.constructor as typeof Float64Array).from(rows, (row) => values[row]!)];
    return [
      name,
      Float64Array.from({ length: 4 * rows.length }, (_, i) => values[4 * rows[i >> 2]! + (i & 3)]!),
    ];
  });
  return { ...Object.fromEntries(entries), count: rows.length } as T;
}

const CROWDING = [
  { name: '1–2', least: 1, most: 2 },
  { name: '3–6', least: 3, most: 6 },
  { name: '7–15', least: 7, most: 15 },
  { name: '16 or more', least: 16, most: Number.POSITIVE_INFINITY },
];

const ALL = COCO_DEFAULTS.areaRanges.slice(0, 1);

/** AP by number of objects in the image. */
export function byCrowding(input: EvaluationInput): readonly Part[] {
  const { truths, detections, imageIds } = input;
  const objects = new Int32Array(imageIds.length);
  for (let row = 0; row < truths.count; row++) if (!truths.crowd[row]) objects[truths.images[row]!]!++;
  return CROWDING.map(({ name, least, most }) => {
    const isIn = (image: number) => objects[image]! >= least && objects[image]! <= most;
    const part = {
      ...input,
      truths: keptRows(truths, (row) => isIn(truths.images[row]!)),
      detections: keptRows(detections, (row) => isIn(detections.images[row]!)),
    };
    const { AP, AP50 } = rangeMetrics(evaluateCoco(part, { areaRanges: ALL, maxDetections: [100] }), 'all');
    const images = objects.filter((_, image) => isIn(image));
    return {
      name,
      about: `images with ${name} objects`,
      images: images.length,
      truths: images.reduce((sum, count) => sum + count, 0),
      AP,
      AP50,
    };
  });
}

const OVERLAPS = [
  { name: 'apart', least: 0, most: 0.1 },
  { name: 'touching, IoU 0.1–0.3', least: 0.1, most: 0.3 },
  { name: 'overlapping, IoU over 0.3', least: 0.3, most: Number.POSITIVE_INFINITY },
];

/** Recall by the highest IoU with another object of any class. */
export function byOverlap(
  { truths, imageIds }: EvaluationInput,
  { found }: TideMatches,
): readonly OverlapPart[] {
  const { boxes } = truths;
  const highest = new Float64Array(truths.count);
  const rowsOf = byImage(truths.images, truths.count, imageIds.length);
  for (let image = 0; image < imageIds.length; image++) {
    const rows = rowsOf(image).filter((row) => !truths.crowd[row]);
    for (const [at, a] of rows.entries()) {
      for (const b of rows.subarray(at + 1)) {
        const [w, h] = [boxes[4 * a + 2]!, boxes[4 * a + 3]!];
        const [width, height] = [boxes[4 * b + 2]!, boxes[4 * b + 3]!];
        const across =
          Math.min(boxes[4 * a]! + w, boxes[4 * b]! + width) - Math.max(boxes[4 * a]!, boxes[4 * b]!);
        const down =
          Math.min(boxes[4 * a + 1]! + h, boxes[4 * b + 1]! + height) -
          Math.max(boxes[4 * a + 1]!, boxes[4 * b + 1]!);
        if (!(across > 0 && down > 0)) continue;
        const overlap = (across * down) / (w * h + width * height - across * down);
        highest[a] = Math.max(highest[a]!, overlap);
        highest[b] = Math.max(highest[b]!, overlap);
      }
    }
  }
  return OVERLAPS.map(({ name, least, most }) => {
    const rows = [...highest.keys()].filter(
      (row) => !truths.crowd[row] && highest[row]! >= least && highest[row]! < most,
    );
    const hits = rows.filter((row) => found[row] === 1).length;
    return { name, truths: rows.length, recall: rows.length === 0 ? -1 : hits / rows.length };
  });
}
