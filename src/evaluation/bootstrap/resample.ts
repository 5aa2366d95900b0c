import { uniformRandom } from '../../foundation/random.ts';
import { COCO_DEFAULTS } from '../coco/coco-settings.ts';
import type { PreparedEvaluation } from './prepare.ts';
import { WeightedEvaluator, type WeightedMetrics } from './weighted-metrics.ts';

/** How intervals are drawn. */
export interface BootstrapOptions {
  /** Times that the images are drawn anew. @default 1000 */
  readonly resamples?: number | undefined;
  /** The same seed gives the same intervals. @default 1 */
  readonly seed?: number | undefined;
}

export const BOOTSTRAP_DEFAULTS = { resamples: 1000, seed: 1 } as const;

/** Draws as many images as there are, with replacement: how often each is drawn. The array handed out is the same each time. */
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

/** Figures of all images, and of each time that the images are drawn anew. */
export interface Resampled {
  readonly images: number;
  /** Images with objects that count, by area range and by category. */
  readonly measured: { readonly areas: readonly number[]; readonly categories: readonly number[] };
  readonly whole: WeightedMetrics;
  readonly samples: readonly WeightedMetrics[];
}

/** Images that figures measure something of. */
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

/** Draws the images anew, again and again. The same seed draws the same images, whatever was detected in them. */
export function resample(prepared: PreparedEvaluation, options: BootstrapOptions = {}): Resampled {
  const { images } = prepared;
  const evaluator = new WeightedEvaluator(prepared);
  return {
    images,
    measured: measuredImages(prepared),
    whole: evaluator.evaluate(new Uint16Array(images).fill(1)),
    samples: Array.from(drawWeights(images, filled(options)), (weights) => evaluator.evaluate(weights)),
  };
}
