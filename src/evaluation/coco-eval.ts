import { checkOptions, type OptionKinds } from '../check-options.ts';
import { categoryOutcomes } from './category-outcomes.ts';
import type { AreaRange } from './matching.ts';
import type { EvaluationInput } from './tables.ts';

export interface CocoEvalOptions {
  /** @default 0.50, 0.55 … 0.95 */
  readonly iouThresholds?: readonly number[] | undefined;
  /** Ascending. @default 0, 0.01 … 1 */
  readonly recallLevels?: readonly number[] | undefined;
  /** Detections an image and category that count, the best ones; ascending. @default 1, 10, 100 */
  readonly maxDetections?: readonly number[] | undefined;
  /** @default all, small, medium and large: borders at 32² and 96² */
  readonly areaRanges?: readonly AreaRange[] | undefined;
  /** False compares boxes whatever their category. @default true */
  readonly useCategories?: boolean | undefined;
}

const KINDS: OptionKinds<CocoEvalOptions> = {
  iouThresholds: 'numbers',
  recallLevels: 'numbers',
  maxDetections: 'numbers',
  areaRanges: 'any',
  useCategories: 'boolean',
};

/** Options with their defaults filled in. */
export type CocoEvalSettings = { readonly [K in keyof CocoEvalOptions]-?: NonNullable<CocoEvalOptions[K]> };

/** As NumPy's `linspace` rounds. */
function linspace(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : i * step + start));
}

export const COCO_DEFAULTS = {
  iouThresholds: linspace(0.5, 0.95, 10),
  recallLevels: linspace(0, 1, 101),
  maxDetections: [1, 10, 100],
  areaRanges: [
    { name: 'all', least: 0, most: 1e5 ** 2 },
    { name: 'small', least: 0, most: 32 ** 2 },
    { name: 'medium', least: 32 ** 2, most: 96 ** 2 },
    { name: 'large', least: 96 ** 2, most: 1e5 ** 2 },
  ],
  useCategories: true,
} as const satisfies CocoEvalOptions;

/** COCO's arrays, in pycocotools' order of axes. −1 where a category has no truth that counts. */
export interface CocoEvaluation {
  readonly settings: CocoEvalSettings;
  /** Categories of the K axis; one entry, −1, without categories. */
  readonly categoryIds: readonly number[];
  /** [T, R, K, A, M]: IoU threshold, recall level, category, area range, most detections. */
  readonly precision: Float64Array;
  /** Score of the detection that reaches the recall level, [T, R, K, A, M]. */
  readonly scores: Float64Array;
  /** [T, K, A, M] */
  readonly recall: Float64Array;
}

/**
 * COCO's evaluation of boxes: equal to pycocotools' `COCOeval` with `iouType='bbox'`
 * (https://github.com/cocodataset/cocoapi).
 */
export function evaluateCoco(input: EvaluationInput, options: CocoEvalOptions = {}): CocoEvaluation {
  checkOptions('evaluateCoco options', options, KINDS);
  const {
    iouThresholds = COCO_DEFAULTS.iouThresholds,
    recallLevels = COCO_DEFAULTS.recallLevels,
    maxDetections = COCO_DEFAULTS.maxDetections,
    areaRanges = COCO_DEFAULTS.areaRanges,
    useCategories = COCO_DEFAULTS.useCategories,
  } = options;
  const settings = { iouThresholds, recallLevels, maxDetections, areaRanges, useCategories };
  const categoryIds = useCategories ? input.categoryIds : [-1];
  const [T, R, K, A, M] = [
    iouThresholds.length,
    recallLevels.length,
    categoryIds.length,
    areaRanges.length,
    maxDetections.length,
  ];
  const precision = new Float64Array(T * R * K * A * M).fill(-1);
  const scores = new Float64Array(T * R * K * A * M).fill(-1);
  const recall = new Float64Array(T * K * A * M).fill(-1);

  for (const { category: k, outcomes } of categoryOutcomes(input, settings)) {
    outcomes.forEachCurve((area, m, threshold, curve) => {
      recall[((threshold * K + k) * A + area) * M + m] = curve.recall;
      for (let level = 0; level < R; level++) {
        const at = (((threshold * R + level) * K + k) * A + area) * M + m;
        precision[at] = curve.precision[level]!;
        scores[at] = curve.scores[level]!;
      }
    });
  }
  return { settings, categoryIds, precision, scores, recall };
}
