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

/** What an interval is made of. */
export interface ResampledFigure {
  /** Of all images. */
  readonly value: number;
  /** Of each resample. */
  readonly samples: readonly number[];
  /** Of the images, and of two halves of them. */
  readonly halves: readonly (readonly [whole: number, first: number, second: number])[];
  /** Images that it measures something of. */
  readonly images: number;
  /** Least value that is possible, the most being 1: those below are undefined, and left out. @default 0 */
  readonly least?: number | undefined;
}

/** Fewer resamples with a value than this share say nothing. */
const DEFINED = 0.5;

/** What halving the images adds to the bias, as a share of it: 0.4 to 0.6 in simulations of detectors. */
const ADDED = 0.5;

/**
 * By how much a figure is too high. Precision at its best from each recall on is read too high of few images: half of
 * the images show by how much more. Resamples would show less, since their repeated images agree.
 */
function bias(halves: ResampledFigure['halves'], isDefined: (value: number) => boolean): number {
  const rises = halves
    .filter((own) => own.every(isDefined))
    .map(([whole, first, second]) => (first + second) / 2 - whole);
  return rises.reduce((sum, rise) => sum + rise, 0) / Math.max(1, rises.length) / ADDED;
}

/**
 * The 95 % interval of a figure by its resamples, as Student's for a mean: the figure less its bias, plus and minus the
 * standard error times what so few images allow. Ends beyond what is possible are cut. Undefined if the figure is,
 * or most of its resamples, or if it measures a single image, which says nothing of others.
 */
export function studentInterval(figure: ResampledFigure): Interval | undefined {
  const { value, samples, halves, images, least = 0 } = figure;
  const isDefined = (sample: number) => sample >= least;
  const defined = samples.filter(isDefined);
  const count = defined.length;
  if (!isDefined(value) || images < 2 || count < 2 || count < DEFINED * samples.length) return undefined;
  const mean = defined.reduce((sum, sample) => sum + sample, 0) / count;
  const squares = defined.reduce((sum, sample) => sum + (sample - mean) ** 2, 0);
  // Resamples vary by the images that are there, which lie closer to their own mean than to that of all others.
  const error = Math.sqrt((squares / (count - 1)) * (images / (images - 1)));
  const middle = value - bias(halves, isDefined);
  const reach = studentValue(images - 1) * error;
  const inside = (end: number) => Math.min(1, Math.max(least, end));
  // A figure outside of its own interval would be read as a mistake.
  return {
    value,
    low: Math.min(value, inside(middle - reach)),
    high: Math.max(value, inside(middle + reach)),
  };
}
