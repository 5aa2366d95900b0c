import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { categoryOutcomes } from '../category-outcomes.ts';
import type { EvaluationInput } from '../tables.ts';
import { COCO_DEFAULTS, type CocoEvalOptions, type CocoEvalSettings } from './coco-settings.ts';

const KINDS: OptionKinds<CocoEvalOptions> = {
  iouThresholds: 'numbers',
  recallLevels: 'numbers',
  maxDetections: 'numbers',
  areaRanges: 'any',
  useCategories: 'boolean',
};

/** COCO's arrays, in pycocotools' order of axes. −1 if a category has no objects that count. */
export interface CocoEvaluation {
  /** The settings of the evaluation. */
  readonly settings: CocoEvalSettings;
  /** Category ids of the K axis. One entry, −1, if categories are not used. */
  readonly categoryIds: readonly number[];
  /** [T, R, K, A, M]: IoU threshold, recall level, category, area range, maximum number of detections. */
  readonly precision: Float64Array;
  /** Score of the detection that reaches the recall level, [T, R, K, A, M]. */
  readonly scores: Float64Array;
  /** Recall, [T, K, A, M]. */
  readonly recall: Float64Array;
}

/**
 * COCO's evaluation of boxes. Matches pycocotools' `COCOeval` with `iouType='bbox'`
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
