/** A figure and how far chance may have moved it. */
export interface Interval {
  /** Of all images. */
  readonly value: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
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
 * The 95 % interval of a figure by its values in resamples: their middle 95 %. Undefined figures (−1) are left out.
 * Undefined if the figure itself is, or most of the values are.
 */
export function percentileInterval(
  value: number,
  samples: ArrayLike<number>,
  isDefined = (v: number) => v >= 0,
): Interval | undefined {
  const sorted = Float64Array.from(samples).filter(isDefined).sort();
  if (!isDefined(value) || 2 * sorted.length < samples.length) return undefined;
  return { value, low: quantile(sorted, OUTSIDE), high: quantile(sorted, 1 - OUTSIDE) };
}
