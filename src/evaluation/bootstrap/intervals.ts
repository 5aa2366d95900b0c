import { normalShare, normalValue } from './normal-distribution.ts';

/** A figure with its 95 % interval. */
export interface Interval {
  /** The figure on all images. */
  readonly value: number;
  /** Lower end of the 95 % interval. */
  readonly low: number;
  /** Upper end of the 95 % interval. */
  readonly high: number;
}

/** Quantile of ascending values, interpolated. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (at - Math.floor(at)) * (above - below);
}

const OUTSIDE = 0.025;

/**
 * The 95 % interval of a figure by its values in resamples, corrected for bias (Efron, 1987): precision at its best from
 * each recall on is read too high of few images, and resamples, which hold fewer, show by how much. Undefined figures (−1)
 * are left out. Undefined if the figure itself is, or most of the values are.
 */
export function correctedInterval(
  value: number,
  samples: ArrayLike<number>,
  isDefined = (sample: number) => sample >= 0,
): Interval | undefined {
  const sorted = Float64Array.from(samples).filter(isDefined).sort();
  const { length } = sorted;
  if (!isDefined(value) || 2 * length < samples.length) return undefined;
  let below = 0;
  for (const sample of sorted) below += sample < value ? 1 : sample === value ? 0.5 : 0;
  const shift = 2 * normalValue(Math.min(length - 0.5, Math.max(0.5, below)) / length);
  const end = (share: number) => quantile(sorted, normalShare(shift + normalValue(share)));
  return { value, low: end(OUTSIDE), high: end(1 - OUTSIDE) };
}
