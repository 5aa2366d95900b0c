import type { AugmentationOptions } from '../augmentation/options.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';
import type { ImageObjects } from './objects.ts';

/** Supported numbers of boxes per image. Each needs a separate graph. */
const BUCKETS = [8, 16, 32, 64, 128, 256] as const;

type Combining = Pick<AugmentationOptions, 'mosaic' | 'mosaicTiles' | 'mixup' | 'copies'>;

/**
 * Chooses the number of boxes per image that a step has room for. For a mosaic, it is at least twice the largest count
 * of an image, and at least the average count of a mosaic. Mixup doubles it, and copies are added. Boxes beyond the
 * largest bucket count as overflow.
 * @param counts number of boxes in each image
 */
function roomFor(counts: readonly number[], { mosaic, mosaicTiles, mixup, copies }: Combining): number {
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const tiled = Math.max(2 * most, Math.ceil((mosaicTiles * all) / counts.length));
  const needed = (mosaic > 0 ? tiled : most) * (mixup > 0 ? 2 : 1) + copies;
  return BUCKETS.find((bucket) => bucket >= needed) ?? BUCKETS.at(-1)!;
}

/** Room for true boxes and for ignored ones. The latter is 0 if there are none, and the step then lacks that input. */
export function boxRoom(images: readonly ImageObjects[], options: Combining): BoxRoom {
  const counts = images.map(({ objects }) => objects.filter(({ isIgnored }) => !isIgnored).length);
  const ignored = images.map(({ objects }, index) => objects.length - counts[index]!);
  return {
    truths: roomFor(counts, options),
    ignored: ignored.some((count) => count > 0) ? roomFor(ignored, options) : 0,
  };
}
