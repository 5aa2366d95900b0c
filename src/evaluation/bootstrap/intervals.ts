import { studentValue } from './student-distribution.ts';

/** A figure with its 95 % interval. */
export interface Interval {
  /** The figure on all images. */
  readonly value: number;
  /** Lower end of the 95 % interval. */
  readonly low: number;
  /** Upper end of the 95 % interval. */
  readonly high: number;
}

/** Data for the interval of one figure. */
export interface ResampledFigure {
  /** Value for all images. */
  readonly value: number;
  /** Value for each resample. */
  readonly samples: readonly number[];
  /** Values for all images and for two random halves of them, for each division. */
  readonly halves: readonly (readonly [whole: number, first: number, second: number])[];
  /** Number of images that contribute to the figure. */
  readonly images: number;
  /** Smallest possible value; the largest is 1. Values below it are undefined and ignored. @default 0 */
  readonly least?: number | undefined;
}

/** Minimum share of resamples with a defined value. */
const DEFINED = 0.5;

/** Halving the number of images adds this share of the bias: 0.4 to 0.6 in simulations of detectors. */
const ADDED = 0.5;

/**
 * Estimates how much too high a figure is. Taking the best precision at each recall or higher overestimates it if there
 * are few images. Half of the images show how much. Resamples would show less, because their repeated images agree.
 */
function bias(halves: ResampledFigure['halves'], isDefined: (value: number) => boolean): number {
  const rises = halves
    .filter((own) => own.every(isDefined))
    .map(([whole, first, second]) => (first + second) / 2 - whole);
  return rises.reduce((sum, rise) => sum + rise, 0) / Math.max(1, rises.length) / ADDED;
}

/**
 * Computes the 95 % interval of a figure from its resamples, like Student's interval of a mean: the figure minus its
 * bias, plus and minus Student's t times the standard error. The ends are clipped to the possible range. Undefined if
 * the figure or most of its resamples are undefined, or if fewer than two images contribute.
 */
export function studentInterval(figure: ResampledFigure): Interval | undefined {
  const { value, samples, halves, images, least = 0 } = figure;
  const isDefined = (sample: number) => sample >= least;
  const defined = samples.filter(isDefined);
  const count = defined.length;
  if (!isDefined(value) || images < 2 || count < 2 || count < DEFINED * samples.length) return undefined;
  const mean = defined.reduce((sum, sample) => sum + sample, 0) / count;
  const squares = defined.reduce((sum, sample) => sum + (sample - mean) ** 2, 0);
  // Resamples vary around the sample mean, which underestimates the variance (Bessel's correction).
  const error = Math.sqrt((squares / (count - 1)) * (images / (images - 1)));
  const middle = value - bias(halves, isDefined);
  const reach = studentValue(images - 1) * error;
  const inside = (end: number) => Math.min(1, Math.max(least, end));
  // A figure outside its own interval would look like a mistake.
  return {
    value,
    low: Math.min(value, inside(middle - reach)),
    high: Math.max(value, inside(middle + reach)),
  };
}
