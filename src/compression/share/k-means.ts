import { uniformRandom } from '../../foundation/random.ts';
import type { INITIALIZATIONS } from '../../options/compress.ts';

/** Initial centers: evenly spaced between the extremes, at quantiles, or at random values. */
export type Initialization = (typeof INITIALIZATIONS)[number];

export interface KMeansOptions {
  /** Maximum number of centers. Fewer if there are fewer different values. */
  readonly centers: number;
  /** @default 'linear', which keeps the rare large weights (https://arxiv.org/abs/1510.00149, section 3.2) */
  readonly initialization?: Initialization | undefined;
  /** @default 100 */
  readonly iterations?: number | undefined;
  /** Seed for `random`. @default 1 */
  readonly seed?: number | undefined;
}

function initialCenters(sorted: Float64Array, options: KMeansOptions): Float64Array {
  const { centers, initialization = 'linear', seed = 1 } = options;
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  switch (initialization) {
    case 'linear':
      return Float64Array.from({ length: centers }, (_, i) =>
        centers === 1 ? (least + most) / 2 : least + ((most - least) * i) / (centers - 1),
      );
    case 'density':
      return Float64Array.from({ length: centers }, (_, i) => at((i + 0.5) / centers));
    case 'random': {
      const random = uniformRandom(seed);
      return Float64Array.from({ length: centers }, () => at(random())).sort();
    }
  }
}

/** Returns the first index in a sorted list whose value is above a limit. */
function firstAbove(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * One-dimensional k-means, with exact Lloyd steps over the sorted values.
 * @returns centers in ascending order; each is different, and the nearest one to some value; empty if there are no
 *   values
 */
export function kMeans(values: ArrayLike<number>, options: KMeansOptions): Float32Array {
  if (values.length === 0) return new Float32Array(0);
  const sorted = Float64Array.from(values).sort();
  const sums = new Float64Array(sorted.length + 1);
  for (const [i, value] of sorted.entries()) sums[i + 1] = sums[i]! + value;
  let centers = initialCenters(sorted, options);
  let used: number[] = [];
  for (let step = 0; step < (options.iterations ?? 100); step++) {
    const moved = centers.slice();
    used = [];
    let start = 0;
    for (let i = 0; i < centers.length; i++) {
      const isLast = i === centers.length - 1;
      const end = isLast ? sorted.length : firstAbove(sorted, (centers[i]! + centers[i + 1]!) / 2);
      if (end <= start) continue;
      moved[i] = (sums[end]! - sums[start]!) / (end - start);
      used.push(moved[i]!);
      start = end;
    }
    const isStill = moved.every((center, i) => center === centers[i]);
    centers = moved;
    if (isStill) break;
  }
  return Float32Array.from(new Set(Float32Array.from(used)));
}

/** Returns the index of the nearest center in ascending order. If two are equally near, it is the lower one. */
export function nearestCenter(centers: Float32Array, value: number): number {
  let [low, high] = [0, centers.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (centers[middle]! + centers[middle + 1]!) / 2) low = middle + 1;
    else high = middle;
  }
  return low;
}
