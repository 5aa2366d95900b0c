import type { CocoMetrics } from '../coco/coco-metrics.ts';
import { COCO_DEFAULTS } from '../coco/coco-settings.ts';
import { MATCHED, type Matches, type PreparedCategory, type PreparedEvaluation } from './prepare.ts';

/** pycocotools adds this to denominators. */
const SPACING = 2 ** -52;
const LEVELS = Float64Array.from(COCO_DEFAULTS.recallLevels);
const AREAS = COCO_DEFAULTS.areaRanges.length;
const THRESHOLDS = COCO_DEFAULTS.iouThresholds.length;
/** Indices of the thresholds 0.5 and 0.75. */
const [AT_50, AT_75] = [0, 5];

/** Figures of an evaluation with a weight for each image. */
export interface WeightedMetrics {
  readonly metrics: CocoMetrics;
  /** For each category: AP over all thresholds, and AP50, 0–1; −1 without truths. */
  readonly AP: Float64Array;
  readonly AP50: Float64Array;
}

/** Number of recall levels up to a recall. */
function levelsUpTo(recall: number): number {
  let count = Math.min(LEVELS.length, Math.floor(recall * (LEVELS.length - 1)) + 1);
  while (count < LEVELS.length && LEVELS[count]! <= recall) count++;
  while (count > 0 && LEVELS[count - 1]! > recall) count--;
  return count;
}

class Mean {
  #sum = 0;
  #count = 0;
  add(value: number): void {
    this.#sum += value;
    this.#count++;
  }
  get value(): number {
    return this.#count === 0 ? -1 : this.#sum / this.#count;
  }
}

/** Evaluates repeatedly with different weights, and reuses its buffers. */
export class WeightedEvaluator {
  readonly #prepared: PreparedEvaluation;
  /** Total weight of the detections before each index. */
  #before: Float64Array;
  #precisions: Float64Array;
  #hits: Float64Array;

  constructor(prepared: PreparedEvaluation) {
    this.#prepared = prepared;
    const lengths = prepared.categories.flatMap(({ images }) => images.map(({ length }) => length));
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    this.#before = new Float64Array(longest + 1);
    this.#precisions = new Float64Array(longest + 1);
    this.#hits = new Float64Array(longest + 1);
  }

  /** Whether two parts of the images both have truths: 1 or 0, shape [categories, area ranges]. */
  inBoth(first: Uint16Array, second: Uint16Array): Uint8Array {
    return Uint8Array.from(
      this.#prepared.categories.flatMap(({ truths }) =>
        truths.map((own) => (weigh(own, first) > 0 && weigh(own, second) > 0 ? 1 : 0)),
      ),
    );
  }

  /**
   * @param weights weight of each image, a whole number of at least 0
   * @param counted shape [categories, area ranges]; entries that are 0 are left out. @default all
   */
  evaluate(weights: Uint16Array, counted?: Uint8Array): WeightedMetrics {
    const { categories } = this.#prepared;
    const precision = Array.from({ length: AREAS }, () => new Mean());
    const recall = Array.from({ length: AREAS }, () => new Mean());
    const [at50, at75, one, ten] = [new Mean(), new Mean(), new Mean(), new Mean()];
    const AP = new Float64Array(categories.length).fill(-1);
    const AP50 = new Float64Array(categories.length).fill(-1);
    for (let k = 0; k < categories.length; k++) {
      const category = categories[k]!;
      for (let area = 0; area < AREAS; area++) {
        if (counted?.[k * AREAS + area] === 0) continue;
        const positives = weigh(category.truths[area]!, weights);
        if (positives === 0) continue;
        this.#accumulate(category, area, weights);
        let sum = 0;
        for (let threshold = 0; threshold < THRESHOLDS; threshold++) {
          const matches = category.matches[area]![threshold]!;
          const count = this.#walk(matches, weights);
          const found = count === 0 ? 0 : this.#hits[count - 1]!;
          const average = this.#average(count, positives);
          sum += average;
          precision[area]!.add(average);
          recall[area]!.add(found / positives);
          if (area > 0) continue;
          if (threshold === AT_50) {
            at50.add(average);
            AP50[k] = average;
          } else if (threshold === AT_75) at75.add(average);
          const [first, firstTen] = bestRanks(matches, weights);
          one.add(first / positives);
          ten.add(firstTen / positives);
        }
        if (area === 0) AP[k] = sum / THRESHOLDS;
      }
    }
    const [all, small, medium, large] = precision.map(({ value }) => value) as [
      number,
      number,
      number,
      number,
    ];
    const [ar, arSmall, arMedium, arLarge] = recall.map(({ value }) => value) as [
      number,
      number,
      number,
      number,
    ];
    const metrics = {
      ...{ AP: all, AP50: at50.value, AP75: at75.value, APsmall: small, APmedium: medium, APlarge: large },
      ...{
        AR1: one.value,
        AR10: ten.value,
        AR100: ar,
        ARsmall: arSmall,
        ARmedium: arMedium,
        ARlarge: arLarge,
      },
    };
    return { metrics, AP, AP50 };
  }

  #accumulate({ images }: PreparedCategory, area: number, weights: Uint16Array): void {
    const own = images[area]!;
    let sum = 0;
    for (let place = 0; place < own.length; place++) {
      if (own[place]! >= 0) sum += weights[own[place]!]!;
      this.#before[place + 1] = sum;
    }
  }

  /** Stores precision and hits at each increase of recall. Returns the number of increases. */
  #walk({ places, images, kinds }: Matches, weights: Uint16Array): number {
    let [count, hits, correction] = [0, 0, 0];
    for (let i = 0; i < places.length; i++) {
      const weight = weights[images[i]!]!;
      if (weight === 0) continue;
      if (kinds[i] === MATCHED.ignored) {
        correction -= weight;
        continue;
      }
      if (kinds[i] === MATCHED.hitFromOutside) correction += weight;
      hits += weight;
      this.#hits[count] = hits;
      this.#precisions[count++] = hits / (this.#before[places[i]! + 1]! + correction + SPACING);
    }
    return count;
  }

  /** Mean, over all recall levels, of the best precision at that recall or higher. */
  #average(count: number, positives: number): number {
    let [sum, best] = [0, 0];
    let upTo = count === 0 ? 0 : levelsUpTo(this.#hits[count - 1]! / positives);
    for (let i = count - 1; i >= 0; i--) {
      best = Math.max(best, this.#precisions[i]!);
      const below = i === 0 ? 0 : levelsUpTo(this.#hits[i - 1]! / positives);
      sum += best * (upTo - below);
      upTo = below;
    }
    return sum / LEVELS.length;
  }
}

function weigh({ images, counts }: PreparedCategory['truths'][number], weights: Uint16Array): number {
  let sum = 0;
  for (let i = 0; i < images.length; i++) sum += counts[i]! * weights[images[i]!]!;
  return sum;
}

/** Weight of the hits that are the best detection of their image, and of those among its ten best. */
function bestRanks({ images, ranks, kinds }: Matches, weights: Uint16Array): readonly [number, number] {
  let [one, ten] = [0, 0];
  for (let i = 0; i < images.length; i++) {
    if (kinds[i] === MATCHED.ignored || ranks[i]! >= 10) continue;
    const weight = weights[images[i]!]!;
    ten += weight;
    if (ranks[i] === 0) one += weight;
  }
  return [one, ten];
}
