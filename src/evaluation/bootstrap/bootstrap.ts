import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { CocoMetrics } from '../coco/coco-metrics.ts';
import { COCO_DEFAULTS } from '../coco/coco-settings.ts';
import { type Interval, studentInterval } from './intervals.ts';
import type { PreparedEvaluation } from './prepare.ts';
import { type BootstrapOptions, type Resampled, resample } from './resample.ts';
import type { WeightedMetrics } from './weighted-metrics.ts';

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

function intervals(of: (name: keyof CocoMetrics) => Interval | undefined): MetricIntervals {
  return Object.fromEntries(NAMES.map((name) => [name, of(name)])) as MetricIntervals;
}

/** Index of a metric's area range. */
const areaOf = (name: keyof CocoMetrics) =>
  Math.max(
    0,
    COCO_DEFAULTS.areaRanges.findIndex((range) => name.endsWith(range.name)),
  );

/** Computes the intervals from resamples. */
export function resampledIntervals({ whole, samples, halves, measured }: Resampled): Bootstrap {
  const interval = (images: number, of: (figures: WeightedMetrics) => number) =>
    studentInterval({
      value: of(whole),
      samples: samples.map(of),
      halves: halves.map((own) => [of(own.whole), of(own.parts[0]), of(own.parts[1])]),
      images,
    });
  return {
    resamples: samples.length,
    metrics: intervals((name) => interval(measured.areas[areaOf(name)]!, ({ metrics }) => metrics[name])),
    classes: measured.categories.map((images, k) => ({
      AP: interval(images, ({ AP }) => AP[k]!),
      AP50: interval(images, ({ AP50 }) => AP50[k]!),
    })),
  };
}

/**
 * Computes the intervals of the difference between two models. Both need resamples of the same images with the same
 * seed.
 * @throws MicroYoloError `invalid-argument` if the numbers of images differ
 */
export function resampledDifference(first: Resampled, second: Resampled): BootstrapDifference {
  if (first.images !== second.images) {
    throw new MicroYoloError(
      'invalid-argument',
      `${first.images} and ${second.images} images: expected the same images for both; evaluate both on one data set`,
    );
  }
  const difference = (a: WeightedMetrics, b: WeightedMetrics, name: keyof CocoMetrics) =>
    a.metrics[name] < 0 || b.metrics[name] < 0 ? Number.NaN : b.metrics[name] - a.metrics[name];
  const differences = (name: keyof CocoMetrics) =>
    first.samples.map((sample, at) => difference(sample, second.samples[at]!, name));
  const better = differences('AP').reduce((sum, own) => sum + 0.5 * (1 + (Math.sign(own) || 0)), 0);
  return {
    resamples: first.samples.length,
    metrics: intervals((name) =>
      studentInterval({
        value: difference(first.whole, second.whole, name),
        samples: differences(name),
        halves: first.halves.map((own, at) => {
          const other = second.halves[at]!;
          return [
            difference(own.whole, other.whole, name),
            difference(own.parts[0], other.parts[0], name),
            difference(own.parts[1], other.parts[1], name),
          ];
        }),
        images: first.measured.areas[areaOf(name)]!,
        least: -1,
      }),
    ),
    secondIsBetter: better / first.samples.length,
  };
}

/**
 * Intervals by resampling the images with replacement. They estimate the figures on other images of the same kind.
 */
export function bootstrapMetrics(prepared: PreparedEvaluation, options: BootstrapOptions = {}): Bootstrap {
  return resampledIntervals(resample(prepared, options));
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
  return resampledDifference(resample(first, options), resample(second, options));
}
