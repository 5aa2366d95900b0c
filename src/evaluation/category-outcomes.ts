import { grown } from '../foundation/grown.ts';
import { accumulateCurve } from './accumulate.ts';
import type { CocoEvalSettings } from './coco/coco-settings.ts';
import { Matcher } from './matching.ts';
import { sortRows } from './sort-rows.ts';
import type { EvaluationInput } from './tables.ts';

/** Detections of one category and their outcomes, by image, and best first within an image. */
export class CategoryOutcomes {
  readonly #settings: CocoEvalSettings;
  #rows = new Int32Array(1024);
  #scores = new Float64Array(1024);
  #ranks = new Int32Array(1024);
  #images = new Int32Array(1024);
  /** One row for each area range and threshold. */
  #outcomes: Uint8Array<ArrayBuffer>[];
  #count = 0;
  /** Number of truths that count, for each area range. */
  readonly positives: Int32Array;
  /** The same for each image with truths. */
  readonly imagePositives: { readonly image: number; readonly positives: Int32Array }[] = [];

  constructor(settings: CocoEvalSettings) {
    this.#settings = settings;
    const rows = settings.areaRanges.length * settings.iouThresholds.length;
    this.#outcomes = Array.from({ length: rows }, () => new Uint8Array(1024));
    this.positives = new Int32Array(settings.areaRanges.length);
  }

  clear(): void {
    this.#count = 0;
    this.positives.fill(0);
    this.imagePositives.length = 0;
  }

  /** Rows of the detections in their table. */
  get rows(): Int32Array {
    return this.#rows.subarray(0, this.#count);
  }

  /** Rank of each detection in its image, from 0. */
  get ranks(): Int32Array {
    return this.#ranks.subarray(0, this.#count);
  }

  /** Image index of each detection. */
  get images(): Int32Array {
    return this.#images.subarray(0, this.#count);
  }

  /** Outcome of each detection, for an area range and a threshold. */
  outcomes(area: number, threshold: number): Uint8Array {
    const row = this.#outcomes[area * this.#settings.iouThresholds.length + threshold]!;
    return row.subarray(0, this.#count);
  }

  /** Indices of the detections, best first. For equal scores, the earlier image comes first. */
  order(): Int32Array {
    const scores = this.#scores.subarray(0, this.#count);
    const order = Int32Array.from({ length: this.#count }, (_, index) => index);
    // Typed arrays sort stably.
    return order.sort((a, b) => scores[b]! - scores[a]!);
  }

  addImage(
    image: number,
    matcher: Matcher,
    truths: Int32Array,
    detections: Int32Array,
    scores: Float64Array,
  ): void {
    const first = this.#count;
    this.#reserve(first + detections.length);
    for (let rank = 0; rank < detections.length; rank++) {
      this.#rows[first + rank] = detections[rank]!;
      this.#scores[first + rank] = scores[detections[rank]!]!;
      this.#ranks[first + rank] = rank;
      this.#images[first + rank] = image;
    }
    this.#count += detections.length;
    const thresholds = this.#settings.iouThresholds.length;
    const positives = new Int32Array(this.positives.length);
    matcher.match(truths, detections, positives, (area, threshold, detection, outcome) => {
      this.#outcomes[area * thresholds + threshold]![first + detection] = outcome;
    });
    if (truths.length === 0) return;
    for (let area = 0; area < positives.length; area++) this.positives[area]! += positives[area]!;
    this.imagePositives.push({ image, positives });
  }

  /** Calls `onCurve` for each area range with truths, each maximum number of detections, and each threshold. */
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
    const order = this.order();
    const levels = Float64Array.from(recallLevels);
    for (let most = 0; most < maxDetections.length; most++) {
      const kept = order.filter((index) => this.#ranks[index]! < maxDetections[most]!);
      for (let area = 0; area < areaRanges.length; area++) {
        if (this.positives[area] === 0) continue;
        for (let threshold = 0; threshold < iouThresholds.length; threshold++) {
          const outcomes = this.outcomes(area, threshold);
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
    this.#rows = grown(this.#rows, capacity);
    this.#scores = grown(this.#scores, capacity);
    this.#ranks = grown(this.#ranks, capacity);
    this.#images = grown(this.#images, capacity);
    this.#outcomes = this.#outcomes.map((row) => grown(row, capacity));
  }
}

/**
 * Matches detections to truths, category by category. Yields the same object each time, so callers must copy what they
 * keep.
 */
export function* categoryOutcomes(
  input: EvaluationInput,
  settings: CocoEvalSettings,
): Generator<{ readonly category: number; readonly outcomes: CategoryOutcomes }> {
  const { truths, detections } = input;
  const { areaRanges, iouThresholds, maxDetections, useCategories } = settings;
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
  for (let category = 0; category < truthRows.ends.length; category++) {
    outcomes.clear();
    const [truthEnd, detectionEnd] = [truthRows.ends[category]!, detectionRows.ends[category]!];
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
        image,
        matcher,
        truthRows.rows.subarray(truthStart, truth),
        bestFirst(detectionRows.rows.subarray(detectionStart, detection)),
        detections.scores,
      );
    }
    yield { category, outcomes };
  }
}
