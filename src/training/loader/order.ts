import { uniformRandom } from '../../foundation/random.ts';

/** Position of the loader: epoch, and batch within it, both from 0. */
export interface LoaderPosition {
  readonly epoch: number;
  readonly batch: number;
}

/** Hashes numbers to an unsigned 32-bit integer, based on the finalizer of MurmurHash3. */
export function mixSeeds(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ (number >>> 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) + 0x6d2b79f5;
  }
  return hash >>> 0;
}

/** Shuffles the images of an epoch (Fisher–Yates). Depends only on the seed and the epoch. */
export function epochOrder(images: readonly number[], seed: number, epoch: number): readonly number[] {
  const random = uniformRandom(mixSeeds(seed, epoch, 1));
  const order = [...images];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

export interface PlannedSample {
  /** Index of the image in the data set. */
  readonly image: number;
  /** Seed for everything random about the sample. */
  readonly seed: number;
}

/** Number of batches per epoch. The last one is filled up with images from the start of the epoch. */
export function batchesPerEpoch(images: number, batch: number): number {
  return Math.ceil(images / batch);
}

/** Plans the samples of a batch. The plan depends only on the seed and the position. */
export function planBatch(
  order: readonly number[],
  batch: number,
  seed: number,
  position: LoaderPosition,
): readonly PlannedSample[] {
  return Array.from({ length: batch }, (_, index) => {
    const place = position.batch * batch + index;
    return {
      image: order[place % order.length]!,
      seed: mixSeeds(seed, position.epoch, place, 2),
    };
  });
}

/** Returns the next position. */
export function nextPosition({ epoch, batch }: LoaderPosition, batches: number): LoaderPosition {
  return batch + 1 < batches ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
}
