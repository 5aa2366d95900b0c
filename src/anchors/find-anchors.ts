import { sizeIou } from '../boxes/iou.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { uniformRandom } from '../foundation/random.ts';
import { anchorFit, type BoxSize } from './anchor-fit.ts';
import { refineAnchors } from './refine-anchors.ts';

const RESTARTS = 5;
/** Larger sets are sampled: more boxes hardly change the anchors. */
const MOST_BOXES = 10_000;
const MOST_ITERATIONS = 300;
/** The iterations stop when no center moves farther than this. */
const TOLERANCE = 1e-6;

/** 1 − IoU of two sizes. They are logarithms, so the mean of a cluster is a geometric mean. */
function distance(a: readonly number[], b: readonly number[]): number {
  return 1 - sizeIou([Math.exp(a[0]!), Math.exp(a[1]!)], [Math.exp(b[0]!), Math.exp(b[1]!)]);
}

/** Starting centers far apart from each other (k-means++, https://dl.acm.org/doi/10.5555/1283383.1283494). */
function spreadCenters(sizes: readonly number[][], count: number, uniform: () => number): number[][] {
  const centers = [sizes[Math.floor(uniform() * sizes.length)]!];
  const nearest = sizes.map(() => Number.POSITIVE_INFINITY);
  while (centers.length < count) {
    let total = 0;
    for (const [index, size] of sizes.entries()) {
      nearest[index] = Math.min(nearest[index]!, distance(size, centers.at(-1)!) ** 2);
      total += nearest[index]!;
    }
    let rest = uniform() * total;
    const chosen = nearest.findIndex((weight) => {
      rest -= weight;
      return rest < 0;
    });
    centers.push(sizes[chosen < 0 ? sizes.length - 1 : chosen]!);
  }
  return centers;
}

/** Index of the center closest to a size. */
function nearestCenter(size: readonly number[], centers: readonly (readonly number[])[]): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, center] of centers.entries()) {
    const far = distance(center, size);
    if (far < least) [nearest, least] = [index, far];
  }
  return nearest;
}

/** Lloyd's iterations: each center becomes the mean of the sizes that are closest to it, until none moves. */
function moveCenters(sizes: readonly number[][], start: readonly number[][]): readonly number[][] {
  let centers = start;
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const sums = centers.map(() => ({ width: 0, height: 0, count: 0 }));
    for (const size of sizes) {
      const sum = sums[nearestCenter(size, centers)]!;
      sum.width += size[0]!;
      sum.height += size[1]!;
      sum.count++;
    }
    const moved = sums.map(({ width, height, count }, index) =>
      count > 0 ? [width / count, height / count] : centers[index]!,
    );
    const converged = moved.every((center, index) => distance(center, centers[index]!) <= TOLERANCE);
    centers = moved;
    if (converged) break;
  }
  return centers;
}

function sample(sizes: readonly BoxSize[], uniform: () => number): readonly BoxSize[] {
  if (sizes.length <= MOST_BOXES) return sizes;
  return Array.from({ length: MOST_BOXES }, () => sizes[Math.floor(uniform() * sizes.length)]!);
}

/**
 * Computes anchors with k-means, using 1 − IoU as the distance (https://arxiv.org/abs/1612.08242). The best of
 * several runs is refined by trial. Anchors are whole pixels, sorted by area. The same seed gives the same anchors.
 * @throws MicroYoloError `invalid-argument` if there are fewer distinct box sizes than anchors
 */
export function clusterAnchors(sizes: readonly BoxSize[], count: number, seed = 1): readonly BoxSize[] {
  const different = new Set(sizes.map(([width, height]) => `${width}×${height}`)).size;
  if (different < count) {
    throw new MicroYoloError(
      'invalid-argument',
      `${count} anchors: there are only ${different} distinct box sizes; request fewer anchors`,
    );
  }
  const uniform = uniformRandom(seed);
  const boxes = sample(sizes, uniform);
  const logarithms = boxes.map((size) => size.map(Math.log));
  let best: readonly BoxSize[] = [];
  let bestFit = -1;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const centers = moveCenters(logarithms, spreadCenters(logarithms, count, uniform));
    const anchors = centers.map(([width, height]): BoxSize => [Math.exp(width!), Math.exp(height!)]);
    const { meanIou } = anchorFit(boxes, anchors);
    if (meanIou > bestFit) [best, bestFit] = [anchors, meanIou];
  }
  const whole = (side: number) => Math.max(1, Math.round(side));
  return refineAnchors(boxes, best)
    .map(([width, height]): BoxSize => [whole(width), whole(height)])
    .sort((a, b) => a[0] * a[1] - b[0] * b[1]);
}
