import type { CocoEvaluation } from './coco-eval.ts';

/** COCO's twelve metrics, 0–1, or −1 if nothing counts. In the order in which pycocotools prints them. */
export interface CocoMetrics {
  /** COCO's mAP: mean over IoU 0.50–0.95, categories and recall levels. */
  readonly AP: number;
  /** Average precision at IoU 0.50. */
  readonly AP50: number;
  /** Average precision at IoU 0.75. */
  readonly AP75: number;
  /** AP for objects under 32² square pixels. */
  readonly APsmall: number;
  /** AP for objects from 32² to 96² square pixels. */
  readonly APmedium: number;
  /** AP for objects over 96² square pixels. */
  readonly APlarge: number;
  /** Average recall with at most 1 detection per image and category: the first of `maxDetections`. */
  readonly AR1: number;
  /** Average recall with at most 10 detections per image. */
  readonly AR10: number;
  /** Average recall with at most 100 detections per image. */
  readonly AR100: number;
  /** AR100 for objects under 32² square pixels. */
  readonly ARsmall: number;
  /** AR100 for objects from 32² to 96² square pixels. */
  readonly ARmedium: number;
  /** AR100 for objects over 96² square pixels. */
  readonly ARlarge: number;
}

/** COCO's metrics for one class, 0–1; −1 if it has no objects. */
export interface CategoryMetrics {
  /** Category id, as in the data set. */
  readonly categoryId: number;
  /** Mean over IoU 0.50–0.95. −1 if the category has no objects that count. */
  readonly AP: number;
  /** Average precision at IoU 0.50. */
  readonly AP50: number;
  /** Average recall with at most 100 detections per image. */
  readonly AR100: number;
}

interface Selection {
  /** Index of the IoU threshold. @default all */
  readonly threshold?: number | undefined;
  /** Index of the category. @default all */
  readonly category?: number;
  /** Name of the area range. @default all */
  readonly area?: string;
  /** Index of the maximum number of detections. @default the last */
  readonly most?: number;
}

function places(count: number, only: number | undefined): readonly number[] {
  return only === undefined ? Array.from({ length: count }, (_, i) => i) : [only];
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    if (value <= -1) return;
    this.#sum += value;
    this.#count++;
  }

  get value(): number {
    return this.#count === 0 ? -1 : this.#sum / this.#count;
  }
}

function mean(evaluation: CocoEvaluation, kind: 'precision' | 'recall', selection: Selection): number {
  const { settings, categoryIds } = evaluation;
  const [T, R, K, A, M] = [
    settings.iouThresholds.length,
    settings.recallLevels.length,
    categoryIds.length,
    settings.areaRanges.length,
    settings.maxDetections.length,
  ];
  const area = settings.areaRanges.findIndex(({ name }) => name === (selection.area ?? 'all'));
  const most = selection.most ?? M - 1;
  const result = new Mean();
  if (area < 0 || most >= M) return -1;
  for (const t of places(T, selection.threshold)) {
    for (const k of places(K, selection.category)) {
      if (kind === 'recall') result.add(evaluation.recall[((t * K + k) * A + area) * M + most]!);
      else {
        for (let r = 0; r < R; r++)
          result.add(evaluation.precision[(((t * R + r) * K + k) * A + area) * M + most]!);
      }
    }
  }
  return result.value;
}

function atIou(evaluation: CocoEvaluation, iou: number): number {
  return evaluation.settings.iouThresholds.findIndex((threshold) => Math.abs(threshold - iou) < 1e-9);
}

/** AP at one IoU threshold; −1 if the threshold was not evaluated. */
function averagePrecisionAt(evaluation: CocoEvaluation, iou: number, category?: number): number {
  const threshold = atIou(evaluation, iou);
  const only = category === undefined ? {} : { category };
  return threshold < 0 ? -1 : mean(evaluation, 'precision', { threshold, ...only });
}

/** Computes the twelve metrics. */
export function cocoMetrics(evaluation: CocoEvaluation): CocoMetrics {
  const precision = (selection: Selection) => mean(evaluation, 'precision', selection);
  const recall = (selection: Selection) => mean(evaluation, 'recall', selection);
  return {
    AP: precision({}),
    AP50: averagePrecisionAt(evaluation, 0.5),
    AP75: averagePrecisionAt(evaluation, 0.75),
    APsmall: precision({ area: 'small' }),
    APmedium: precision({ area: 'medium' }),
    APlarge: precision({ area: 'large' }),
    AR1: recall({ most: 0 }),
    AR10: recall({ most: 1 }),
    AR100: recall({ most: 2 }),
    ARsmall: recall({ area: 'small' }),
    ARmedium: recall({ area: 'medium' }),
    ARlarge: recall({ area: 'large' }),
  };
}

/** Computes AP, AP50 and AR100 of each category. */
export function categoryMetrics(evaluation: CocoEvaluation): readonly CategoryMetrics[] {
  return evaluation.categoryIds.map((categoryId, category) => ({
    categoryId,
    AP: mean(evaluation, 'precision', { category }),
    AP50: averagePrecisionAt(evaluation, 0.5, category),
    AR100: mean(evaluation, 'recall', { category }),
  }));
}

/** AP over all thresholds, and AP50, for the objects in one area range. */
export function rangeMetrics(evaluation: CocoEvaluation, area: string): Pick<CocoMetrics, 'AP' | 'AP50'> {
  const threshold = atIou(evaluation, 0.5);
  return {
    AP: mean(evaluation, 'precision', { area }),
    AP50: threshold < 0 ? -1 : mean(evaluation, 'precision', { area, threshold }),
  };
}
