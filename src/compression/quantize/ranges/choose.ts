import type { Histogram } from './histogram.ts';

/** Lowest and highest value that 8 bits represent. Values outside are clipped. */
export type Range = readonly [least: number, most: number];

/** Number of 8-bit levels. */
const LEVELS = 256;
/** Number of candidate ranges, from 1/50 of the full range to all of it. */
const TRIED = 50;

/** Returns the range that contains this percentage of the values. Half of the rest is cut off at either end. */
export function percentileRange({ least, most, counts }: Histogram, percentile: number): Range {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const width = (most - least) / counts.length;
  const cut = (total * (100 - percentile)) / 200;
  const edge = (bins: Iterable<number>) => {
    let sum = 0;
    let passed = 0;
    for (const count of bins) {
      sum += count;
      if (sum > cut) break;
      passed++;
    }
    return passed;
  };
  return [least + width * edge(counts), most - width * edge(counts.toReversed())];
}

/** Returns the cheapest range among candidates that shrink a histogram's range toward 0, equally at both ends. */
function cheapestRange(histogram: Histogram, cost: (range: Range) => number): Range {
  let best: { readonly range: Range; readonly cost: number } | undefined;
  for (let step = TRIED; step > 0; step--) {
    const part = step / TRIED;
    const range: Range = [Math.min(histogram.least, 0) * part, Math.max(histogram.most, 0) * part];
    const found = cost(range);
    if (best === undefined || found < best.cost) best = { range, cost: found };
  }
  return best!.range;
}

/** Returns the range with the least mean squared error after rounding to 8 bits. */
export function squaredErrorRange(histogram: Histogram): Range {
  const { least, most, counts } = histogram;
  const width = (most - least) / counts.length;
  return cheapestRange(histogram, ([low, high]) => {
    const scale = (high - low) / (LEVELS - 1);
    let sum = 0;
    counts.forEach((count, bin) => {
      if (count === 0) return;
      const value = least + (bin + 0.5) * width;
      const kept = scale === 0 ? 0 : Math.round(Math.min(high, Math.max(low, value)) / scale) * scale;
      sum += count * (value - kept) ** 2;
    });
    return sum;
  });
}

/**
 * Returns the range whose 8-bit distribution has the least Kullback–Leibler divergence from the full one, as in
 * TensorRT's calibration
 * (https://on-demand.gputechconf.com/gtc/2017/presentation/s7310-8-bit-inference-with-tensorrt.pdf).
 */
export function entropyRange(histogram: Histogram): Range {
  const { least, most, counts } = histogram;
  const width = (most - least) / counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (width === 0) return [least, most];
  return cheapestRange(histogram, ([low, high]) => {
    const first = Math.max(0, Math.floor((low - least) / width));
    const end = Math.min(counts.length, Math.max(first + 1, Math.ceil((high - least) / width)));
    const inside = counts.slice(first, end);
    const given = Float64Array.from(inside);
    // Clipped values are counted at the ends.
    for (let bin = 0; bin < first; bin++) given[0]! += counts[bin]!;
    for (let bin = end; bin < counts.length; bin++) given[given.length - 1]! += counts[bin]!;
    return divergence(given, spreadLevels(inside, given), total);
  });
}

/** Returns the counts after 8 bits. The count of each level is distributed evenly over its non-empty bins. */
function spreadLevels(counts: Float64Array, given: Float64Array): Float64Array {
  const perLevel = counts.length / LEVELS;
  const spread = new Float64Array(counts.length);
  for (let level = 0; level < LEVELS; level++) {
    const [from, to] = [Math.floor(level * perLevel), Math.floor((level + 1) * perLevel)];
    let [sum, held] = [0, 0];
    for (let bin = from; bin < to; bin++) {
      sum += counts[bin]!;
      if (given[bin]! > 0) held++;
    }
    for (let bin = from; bin < to; bin++) if (given[bin]! > 0) spread[bin] = sum / held;
  }
  return spread;
}

/** Minimum count in the divergence, which avoids the logarithm of 0. */
const LEAST = 1e-4;

function divergence(given: Float64Array, kept: Float64Array, total: number): number {
  const whole = kept.reduce((sum, count) => sum + count, 0) || 1;
  let sum = 0;
  given.forEach((count, bin) => {
    if (count === 0) return;
    const [p, q] = [count / total, Math.max(kept[bin]!, LEAST) / whole];
    sum += p * Math.log(p / q);
  });
  return sum;
}
