import { uniformRandom } from '../../foundation/random.ts';
import type { ImageObjects } from './objects.ts';
import { mixSeeds } from './order.ts';

/**
 * Computes how often an epoch shows each image, so that rare classes are seen more often: repeat factor sampling
 * (https://arxiv.org/abs/1908.03195). The factor of a class that occurs in a share f of the images is
 * max(1, √(threshold / f)). An image has the largest factor of its classes.
 * @param objects objects of each image in the data set
 * @param images indices of the usable images
 * @param threshold share of the images below which a class is rare, 0–1; with 0, no image is repeated
 * @returns a factor of at least 1 for each of `images`; `undefined` if no image is repeated
 */
export function repeatFactors(
  objects: readonly ImageObjects[],
  images: readonly number[],
  threshold: number,
): readonly number[] | undefined {
  const classesOf = images.map((image) => {
    const found = objects[image]!.objects.filter(({ isIgnored }) => !isIgnored);
    return [...new Set(found.map(({ classId }) => classId))];
  });
  const shown = new Map<number, number>();
  for (const id of classesOf.flat()) shown.set(id, (shown.get(id) ?? 0) + 1);
  const factorOf = (id: number) => Math.sqrt((threshold * images.length) / shown.get(id)!);
  const factors = classesOf.map((classes) => Math.max(1, ...classes.map(factorOf)));
  return factors.some((factor) => factor > 1) ? factors : undefined;
}

/** Number of images that an epoch shows. */
export function imagesPerEpoch(images: readonly number[], factors?: readonly number[]): number {
  return factors ? Math.round(factors.reduce((sum, factor) => sum + factor, 0)) : images.length;
}

/**
 * Returns the images of an epoch, in the order of `images`. Each is repeated by its factor, with the fraction rounded
 * up in some epochs and down in others (systematic sampling). Depends only on the seed and the epoch.
 */
export function repeatedImages(
  images: readonly number[],
  factors: readonly number[] | undefined,
  seed: number,
  epoch: number,
): readonly number[] {
  if (!factors) return images;
  const count = imagesPerEpoch(images, factors);
  const scale = count / factors.reduce((sum, factor) => sum + factor, 0);
  const offset = uniformRandom(mixSeeds(seed, epoch, 3))();
  const shown: number[] = [];
  let reached = 0;
  images.forEach((image, place) => {
    reached += scale * factors[place]!;
    while (shown.length < count && shown.length + offset < reached) shown.push(image);
  });
  // Rounding errors of the sum may leave out the last image.
  while (shown.length < count) shown.push(images.at(-1)!);
  return shown;
}
