import { uniformRandom } from '../../foundation/random.ts';
import { COCO_DEFAULTS } from '../coco/coco-settings.ts';
import type { PreparedEvaluation } from './prepare.ts';
import { WeightedEvaluator, type WeightedMetrics } from './weighted-metrics.ts';

/** Options for resampling. */
export interface BootstrapOptions {
  /** Number of times that the images are resampled. @default 1000 */
  readonly resamples?: number | undefined;
  /** The same seed gives the same intervals. @default 1 */
  readonly seed?: number | undefined;
}

export const BOOTSTRAP_DEFAULTS = { resamples: 1000, seed: 1 } as const;

/** Resamples the images with replacement and yields how often each is drawn. Yields the same array each time. */
export function* drawWeights(
  images: number,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): Generator<Uint16Array> {
  const random = uniformRandom(seed);
  const weights = new Uint16Array(images);
  for (let resample = 0; resample < resamples; resample++) {
    weights.fill(0);
    for (let drawn = 0; drawn < images; drawn++) weights[Math.floor(random() * images)]!++;
    yield weights;
  }
}

/** Fills in the defaults. */
const filled = ({ resamples, seed }: BootstrapOptions) => ({
  resamples: resamples ?? BOOTSTRAP_DEFAULTS.resamples,
  seed: seed ?? BOOTSTRAP_DEFAULTS.seed,
});

/** Figures for all images, and for each resample. */
export interface Resampled {
  readonly images: number;
  /** Number of images with objects that count, by area range and by category. */
  readonly measured: { readonly areas: readonly number[]; readonly categories: readonly number[] };
  readonly whole: WeightedMetrics;
  readonly samples: readonly WeightedMetrics[];
  /** For each random division: figures for all images and both halves, limited to categories that both halves have. */
  readonly halves: readonly {
    readonly whole: WeightedMetrics;
    readonly parts: readonly [WeightedMetrics, WeightedMetrics];
  }[];
}

/** Number of random divisions. */
const DIVISIONS = 50;

function* divide(images: number, seed: number): Generator<readonly [Uint16Array, Uint16Array]> {
  const random = uniformRandom(seed);
  const order = Uint32Array.from({ length: images }, (_, place) => place);
  for (let division = 0; division < DIVISIONS; division++) {
    for (let last = images - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    const first = new Uint16Array(images);
    for (const place of order.subarray(0, images >> 1)) first[place] = 1;
    yield [first, first.map((weight) => 1 - weight)];
  }
}

/** Counts the images that contribute to each figure. */
function measuredImages({ categories }: PreparedEvaluation): Resampled['measured'] {
  const { areaRanges } = COCO_DEFAULTS;
  return {
    areas: areaRanges.map((_, area) => {
      const images = new Set<number>();
      for (const { truths } of categories) for (const image of truths[area]!.images) images.add(image);
      return images.size;
    }),
    categories: categories.map(({ truths }) => truths[0]!.images.length),
  };
}

/** Resamples the images many times. The same seed draws the same images, whatever the detections. */
export function resample(prepared: PreparedEvaluation, options: BootstrapOptions = {}): Resampled {
  const { images } = prepared;
  const settings = filled(options);
  const once = new Uint16Array(images).fill(1);
  const evaluator = new WeightedEvaluator(prepared);
  return {
    images,
    measured: measuredImages(prepared),
    whole: evaluator.evaluate(once),
    samples: Array.from(drawWeights(images, settings), (weights) => evaluator.evaluate(weights)),
    halves: Array.from(divide(images, settings.seed), ([first, second]) => {
      const counted = evaluator.inBoth(first, second);
      const figures = (weights: Uint16Array) => evaluator.evaluate(weights, counted);
      return { whole: figures(once), parts: [figures(first), figures(second)] as const };
    }),
  };
}
