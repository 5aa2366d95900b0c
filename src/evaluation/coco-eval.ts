import { checkOptions, type OptionKinds } from '../foundation/errors/check-options.ts';
import { accumulateCurve } from './accumulate.ts';
import { type AreaRange, Matcher } from './matching.ts';
import { sortRows } from './sort-rows.ts';
import type { EvaluationInput } from './tables.ts';

/** Settings that differ from COCO's. */
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

/** COCO's own settings: ten IoU thresholds, 101 recall levels, 1, 10 and 100 detections, four area ranges. */
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
  /** What was evaluated. */
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

/** One category's detections and what each came to. */
class CategoryOutcomes {
  readonly #settings: CocoEvalSettings;
  /** Of the detections in the order of images, best first in each. */
  #scores = new Float64Array(1024);
  #ranks = new Int32Array(1024);
  /** A row an area range and threshold. */
  #outcomes: Uint8Array[];
  #count = 0;
  readonly positives: Int32Array;

  constructor(settings: CocoEvalSettings) {
    this.#settings = settings;
    const rows = settings.areaRanges.length * settings.iouThresholds.length;
    this.#outcomes = Array.from({ length: rows }, () => new Uint8Array(1024));
    this.positives = new Int32Array(settings.areaRanges.length);
  }

  clear(): void {
    this.#count = 0;
    this.positives.fill(0);
  }

  addImage(matcher: Matcher, truths: Int32Array, detections: Int32Array, scores: Float64Array): void {
    const first = this.#count;
    this.#reserve(first + detections.length);
    for (let rank = 0; rank < detections.length; rank++) {
      this.#scores[first + rank] = scores[detections[rank]!]!;
      this.#ranks[first + rank] = rank;
    }
    this.#count += detections.length;
    const thresholds = this.#settings.iouThresholds.length;
    matcher.match(truths, detections, this.positives, (area, threshold, detection, outcome) => {
      this.#outcomes[area * thresholds + threshold]![first + detection] = outcome;
    });
  }

  /** Calls back with the curve of each area range, most detections and threshold that has truths. */
  forEachCurve(
    onCurve: (
      area: number,
      most: number,
      threshold: number,
      curve: ReturnType<typeof accumulateCurve>,
    ) => void,
  ): void {
    const { areaRanges, maxDetections, iouThresholds, recallLevels } = this.#settings;
    const scores = this.#scores.subarray(0, this.#count);
    const order = Int32Array.from({ length: this.#count }, (_, index) => index);
    // Typed arrays sort stably: of equal scores the earlier image comes first.
    order.sort((a, b) => scores[b]! - scores[a]!);
    const levels = Float64Array.from(recallLevels);
    for (let most = 0; most < maxDetections.length; most++) {
      const kept = order.filter((index) => this.#ranks[index]! < maxDetections[most]!);
      for (let area = 0; area < areaRanges.length; area++) {
        if (this.positives[area] === 0) continue;
        for (let threshold = 0; threshold < iouThresholds.length; threshold++) {
          const outcomes = this.#outcomes[area * iouThresholds.length + threshold]!;
          onCurve(
            area,
            most,
            threshold,
            accumulateCurve(kept, outcomes, scores, this.positives[area]!, levels),
          );
        }
      }
    }
  }

  #reserve(count: number): void {
    if (count <= this.#scores.length) return;
    const capacity = 2 * count;
    const grown = <T extends Float64Array | Int32Array | Uint8Array>(old: T, larger: T): T => {
      larger.set(old as never);
      return larger;
    };
    this.#scores = grown(this.#scores, new Float64Array(capacity));
    this.#ranks = grown(this.#ranks, new Int32Array(capacity));
    this.#outcomes = this.#outcomes.map((row) => grown(row, new Uint8Array(capacity)));
  }
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
  const { truths, detections } = input;
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

  const matcher = new Matcher(truths, detections, areaRanges, iouThresholds);
  const outcomes = new CategoryOutcomes(settings);
  const most = maxDetections.at(-1) ?? 0;
  const truthRows = sortRows(truths, input, useCategories);
  const detectionRows = sortRows(detections, input, useCategories);
  const bestFirst = (rows: Int32Array) =>
    rows
      .slice()
      .sort((a, b) => detections.scores[b]! - detections.scores[a]!)
      .subarray(0, most);

  let [truth, detection] = [0, 0];
  for (let k = 0; k < K; k++) {
    outcomes.clear();
    const [truthEnd, detectionEnd] = [truthRows.ends[k]!, detectionRows.ends[k]!];
    while (truth < truthEnd || detection < detectionEnd) {
      const truthImage = truth < truthEnd ? truths.images[truthRows.rows[truth]!]! : Number.POSITIVE_INFINITY;
      const foundImage =
        detection < detectionEnd
          ? detections.images[detectionRows.rows[detection]!]!
          : Number.POSITIVE_INFINITY;
      const image = Math.min(truthImage, foundImage);
      const [truthStart, detectionStart] = [truth, detection];
      while (truth < truthEnd && truths.images[truthRows.rows[truth]!] === image) truth++;
      while (detection < detectionEnd && detections.images[detectionRows.rows[detection]!] === image)
        detection++;
      outcomes.addImage(
        matcher,
        truthRows.rows.subarray(truthStart, truth),
        bestFirst(detectionRows.rows.subarray(detectionStart, detection)),
        detections.scores,
      );
    }
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
