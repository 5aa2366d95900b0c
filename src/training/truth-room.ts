import type { ImageObjects } from './loader/objects.ts';

/** Rooms a step is built for: each is a graph of its own. */
const BUCKETS = [8, 16, 32, 64, 128, 256] as const;

/**
 * Truths an image that a step shall have room for: of a mosaic's images, twice the most that one holds.
 * More than the largest bucket are counted as overflow.
 */
export function truthRoom(images: readonly ImageObjects[], mosaic: boolean): number {
  const most = images.reduce((largest, { objects }) => Math.max(largest, objects.length), 0);
  const needed = mosaic ? 2 * most : most;
  return BUCKETS.find((bucket) => bucket >= needed) ?? BUCKETS.at(-1)!;
}
