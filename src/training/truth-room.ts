import type { AugmentationOptions } from '../augmentation/options.ts';
import type { ImageObjects } from './loader/objects.ts';

/** Rooms a step is built for: each is a graph of its own. */
const BUCKETS = [8, 16, 32, 64, 128, 256] as const;

/**
 * Truths an image that a step shall have room for: of a mosaic's images, twice the most that one holds, and
 * as many at least as they hold on average; twice as many
 * where images are mixed; and what is copied in. More than the largest bucket are counted as overflow.
 */
export function truthRoom(
  images: readonly ImageObjects[],
  {
    mosaic,
    mosaicTiles,
    mixup,
    copies,
  }: Pick<AugmentationOptions, 'mosaic' | 'mosaicTiles' | 'mixup' | 'copies'>,
): number {
  const most = images.reduce((largest, { objects }) => Math.max(largest, objects.length), 0);
  const all = images.reduce((sum, { objects }) => sum + objects.length, 0);
  const tiled = Math.max(2 * most, Math.ceil((mosaicTiles * all) / images.length));
  const needed = (mosaic > 0 ? tiled : most) * (mixup > 0 ? 2 : 1) + copies;
  return BUCKETS.find((bucket) => bucket >= needed) ?? BUCKETS.at(-1)!;
}
