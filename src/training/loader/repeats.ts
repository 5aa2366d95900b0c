import { uniformRandom } from '../../foundation/random.ts';
import type { ImageObjects } from './objects.ts';
import { mixSeeds } from './order.ts';

/**
 * How often an epoch shows each image, so that rare classes are seen more often: repeat factor sampling
 * (https://arxiv.org/abs/1908.03195). A class that a share f of the images shows repeats them
 * max(1, √(threshold / f)) times; an image takes the largest factor of its classes.
 * @param objects of each image of the data set
 * @param images places of the images that can be used
 * @param threshold share of the images below which a class is rare, 0–1; 0 repeats none
 * @returns a factor for each of `images`, at least 1; nothing if no image is repeated
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

/** Images that an epoch shows. */
export function imagesPerEpoch(images: readonly number[], factors?: readonly number[]): number {
  return factors ? Math.round(factors.reduce((sum, factor) => sum + factor, 0)) : images.length;
}

/**
 * The images of an epoch, in the order of `images`: each as often as its factor says, its fraction now and then
 * (systematic sampling). Depends on seed and epoch alone.
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
  // Rounding of the sum must not cost an epoch its last image.
  while (shown.length < count) shown.push(images.at(-1)!);
  return shown;
}
