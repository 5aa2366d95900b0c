import { uniformRandom } from '../../foundation/random.ts';

/** Where the loader is: which batch of which epoch, from 0. */
export interface LoaderPosition {
  readonly epoch: number;
  readonly batch: number;
}

/** A whole number from others, without a pattern (the finalizer of MurmurHash3 over a running sum). */
export function mixSeeds(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ (number >>> 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) + 0x6d2b79f5;
  }
  return hash >>> 0;
}

/** The order of an epoch's images: each once, shuffled (Fisher–Yates). Depends on seed and epoch alone. */
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
  /** Place of the image in the data set. */
  readonly image: number;
  /** Of all that is random about the sample. */
  readonly seed: number;
}

/** Batches an epoch; the last one is filled up from the epoch's start. */
export function batchesPerEpoch(images: number, batch: number): number {
  return Math.ceil(images / batch);
}

/** What a batch is made of: it depends on seed and position alone, whoever makes it and in which order. */
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

/** The position after another. */
export function nextPosition({ epoch, batch }: LoaderPosition, batches: number): LoaderPosition {
  return batch + 1 < batches ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
}
