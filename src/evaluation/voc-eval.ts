import { type XyxyPx, xywhToXyxy } from '../boxes/formats.ts';
import { iou } from '../boxes/iou.ts';
import { checkOptions } from '../foundation/errors/check-options.ts';
import { sortRows } from './sort-rows.ts';
import type { EvaluationInput } from './tables.ts';

/** Average precision as Pascal VOC and Darknet define it; −1 if no objects count. */
export interface VocAveragePrecision {
  /** Mean precision at recall 0, 0.1 … 1, as in VOC 2007. */
  readonly elevenPoint: number;
  /** Area under the precision envelope, as in VOC 2010 and later. */
  readonly allPoints: number;
}

export interface VocEvaluation extends VocAveragePrecision {
  /** Minimum IoU of a matching detection, 0–1. */
  readonly iouThreshold: number;
  /** Average precision of each class. */
  readonly perCategory: readonly ({
    /** Category id, as in the data set. */ readonly categoryId: number;
  } & VocAveragePrecision)[];
}

const NONE: VocAveragePrecision = { elevenPoint: -1, allPoints: -1 };

function curveAverage(hits: readonly boolean[], positives: number): VocAveragePrecision {
  const precision: number[] = [];
  const recall: number[] = [];
  let found = 0;
  hits.forEach((hit, index) => {
    if (hit) found++;
    precision.push(found / (index + 1));
    recall.push(found / positives);
  });
  for (let i = precision.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i]!, precision[i + 1]!);
  let [elevenPoint, allPoints] = [0, 0];
  for (let level = 0; level <= 10; level++) {
    const reached = recall.findIndex((value) => value >= level * 0.1);
    if (reached >= 0) elevenPoint += precision[reached]! / 11;
  }
  recall.forEach((value, i) => {
    allPoints += (value - (recall[i - 1] ?? 0)) * precision[i]!;
  });
  return { elevenPoint, allPoints };
}

/**
 * Average precision at one IoU threshold as in the Pascal VOC challenge (http://host.robots.ox.ac.uk/pascal/VOC/). A
 * detection belongs to the object that it overlaps most. It is correct if the IoU is above the threshold and no
 * better detection matched that object. Boxes are compared as areas, without the devkit's extra pixel.
 * @param options.ignored rows of objects whose detections count neither way, such as VOC's difficult ones.
 * @default crowds
 */
export function evaluateVoc(
  input: EvaluationInput,
  options: { readonly iouThreshold?: number; readonly ignored?: Uint8Array } = {},
): VocEvaluation {
  checkOptions('evaluateVoc options', options, { iouThreshold: 'number', ignored: 'object' });
  const { iouThreshold = 0.5, ignored = input.truths.crowd } = options;
  const { truths, detections, categoryIds } = input;
  const truthRows = sortRows(truths, input, true);
  const detectionRows = sortRows(detections, input, true);
  const box = ({ boxes }: { boxes: Float64Array }, row: number): XyxyPx => {
    const [left, top, width, height] = boxes.subarray(4 * row, 4 * row + 4);
    return xywhToXyxy([left!, top!, width!, height!]);
  };

  const average = (category: number): VocAveragePrecision => {
    const start = category === 0 ? 0 : truthRows.ends[category - 1]!;
    const byImage = new Map<number, number[]>();
    let positives = 0;
    for (const row of truthRows.rows.subarray(start, truthRows.ends[category])) {
      const image = truths.images[row]!;
      byImage.set(image, [...(byImage.get(image) ?? []), row]);
      if (!ignored[row]) positives++;
    }
    if (positives === 0) return NONE;
    const first = category === 0 ? 0 : detectionRows.ends[category - 1]!;
    const rows = detectionRows.rows.slice(first, detectionRows.ends[category]);
    rows.sort((a, b) => detections.scores[b]! - detections.scores[a]!);
    const taken = new Set<number>();
    const hits: boolean[] = [];
    for (const row of rows) {
      const detection = box(detections, row);
      let [best, truth] = [iouThreshold, -1];
      for (const candidate of byImage.get(detections.images[row]!) ?? []) {
        const overlap = iou(detection, box(truths, candidate));
        if (overlap > best) [best, truth] = [overlap, candidate];
      }
      if (truth >= 0 && ignored[truth]) continue;
      hits.push(truth >= 0 && !taken.has(truth));
      taken.add(truth);
    }
    return curveAverage(hits, positives);
  };

  const perCategory = categoryIds.map((categoryId, category) => ({ categoryId, ...average(category) }));
  const counted = perCategory.filter(({ allPoints }) => allPoints >= 0);
  const mean = (of: (category: VocAveragePrecision) => number) =>
    counted.length === 0 ? -1 : counted.reduce((sum, category) => sum + of(category), 0) / counted.length;
  return {
    iouThreshold,
    perCategory,
    elevenPoint: mean((category) => category.elevenPoint),
    allPoints: mean((category) => category.allPoints),
  };
}
