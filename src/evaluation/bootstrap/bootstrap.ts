import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { uniformRandom } from '../../foundation/random.ts';
import type { CocoMetrics } from '../coco-metrics.ts';
import { correctedInterval, type Interval } from './intervals.ts';
import type { PreparedEvaluation } from './prepare.ts';
import { WeightedEvaluator } from './weighted-metrics.ts';

/** Options for bootstrap intervals. */
export interface BootstrapOptions {
  /** Number of times that the images are resampled. @default 1000 */
  readonly resamples?: number | undefined;
  /** Seed. The same seed gives the same intervals. @default 1 */
  readonly seed?: number | undefined;
}

export const BOOTSTRAP_DEFAULTS = { resamples: 1000, seed: 1 } as const;

/** The 95 % interval of each COCO metric by name. Undefined if the metric is not measured. */
export type MetricIntervals = Readonly<Record<keyof CocoMetrics, Interval | undefined>>;

/** 95 % intervals of one model's figures. Undefined for figures that are not measured. */
export interface Bootstrap {
  /** Number of times that the images were resampled. */
  readonly resamples: number;
  /** Intervals over all categories. */
  readonly metrics: MetricIntervals;
  /** Intervals by category. */
  readonly classes: readonly {
    /** Interval of the mean AP at IoU 0.50 to 0.95, 0–1. */
    readonly AP: Interval | undefined;
    /** Interval of the AP at IoU 0.50, 0–1. */
    readonly AP50: Interval | undefined;
  }[];
}

/** How much better the second model is than the first. */
export interface BootstrapDifference {
  /** Number of times that the images were resampled. */
  readonly resamples: number;
  /** The second model's figures minus the first's. */
  readonly metrics: MetricIntervals;
  /** Share of the resamples in which the second model has the higher AP, 0–1. Ties count half. */
  readonly secondIsBetter: number;
}

const NAMES = [
  ...['AP', 'AP50', 'AP75', 'APsmall', 'APmedium', 'APlarge'],
  ...['AR1', 'AR10', 'AR100', 'ARsmall', 'ARmedium', 'ARlarge'],
] as readonly (keyof CocoMetrics)[];

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

function intervals(of: (name: keyof CocoMetrics) => Interval | undefined): MetricIntervals {
  return Object.fromEntries(NAMES.map((name) => [name, of(name)])) as MetricIntervals;
}

const once = (images: number) => new Uint16Array(images).fill(1);

/**
 * Intervals by resampling the images with replacement. They estimate the figures on other images of the same kind.
 */
export function bootstrapMetrics(prepared: PreparedEvaluation, options: BootstrapOptions = {}): Bootstrap {
  const settings = filled(options);
  const evaluator = new WeightedEvaluator(prepared);
  const whole = evaluator.evaluate(once(prepared.images));
  const samples = Array.from(drawWeights(prepared.images, settings), (weights) =>
    evaluator.evaluate(weights),
  );
  return {
    resamples: settings.resamples,
    metrics: intervals((name) =>
      correctedInterval(
        whole.metrics[name],
        samples.map(({ metrics }) => metrics[name]),
      ),
    ),
    classes: prepared.categories.map((_, k) => ({
      AP: correctedInterval(
        whole.AP[k]!,
        samples.map(({ AP }) => AP[k]!),
      ),
      AP50: correctedInterval(
        whole.AP50[k]!,
        samples.map(({ AP50 }) => AP50[k]!),
      ),
    })),
  };
}

/**
 * Intervals of the difference of two models on the same images. Each resample draws the same images for both, so
 * images that are hard for both do not hide the difference.
 * @throws MicroYoloError `invalid-argument` if the numbers of images differ
 */
export function bootstrapDifference(
  first: PreparedEvaluation,
  second: PreparedEvaluation,
  options: BootstrapOptions = {},
): BootstrapDifference {
  if (first.images !== second.images) {
    throw new MicroYoloError(
      'invalid-argument',
      `${first.images} and ${second.images} images: expected the same images for both; evaluate both on one data set`,
    );
  }
  const settings = filled(options);
  const evaluators = [new WeightedEvaluator(first), new WeightedEvaluator(second)] as const;
  const both = (weights: Uint16Array) => evaluators.map((evaluator) => evaluator.evaluate(weights).metrics);
  const difference = ([a, b]: readonly CocoMetrics[], name: keyof CocoMetrics) =>
    a![name] < 0 || b![name] < 0 ? Number.NaN : b![name] - a![name];
  const whole = both(once(first.images));
  const samples = Array.from(drawWeights(first.images, settings), both);
  const better = samples.reduce((sum, pair) => sum + 0.5 * (1 + (Math.sign(difference(pair, 'AP')) || 0)), 0);
  return {
    resamples: settings.resamples,
    metrics: intervals((name) =>
      correctedInterval(
        difference(whole, name),
        samples.map((pair) => difference(pair, name)),
        Number.isFinite,
      ),
    ),
    secondIsBetter: better / settings.resamples,
  };
}
