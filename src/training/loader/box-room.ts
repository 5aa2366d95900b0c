import type { AugmentationOptions } from '../augmentation/options.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';
import type { ImageObjects } from './objects.ts';

/** Rooms a step is built for: each is a graph of its own. */
const BUCKETS = [8, 16, 32, 64, 128, 256] as const;

type Combining = Pick<AugmentationOptions, 'mosaic' | 'mosaicTiles' | 'mixup' | 'copies'>;

/**
 * Boxes an image that a step shall have room for: of a mosaic's images, twice the most that one holds, and
 * as many at least as they hold on average; twice as many
 * where images are mixed; and what is copied in. More than the largest bucket are counted as overflow.
 * @param counts of each image's boxes
 */
function roomFor(counts: readonly number[], { mosaic, mosaicTiles, mixup, copies }: Combining): number {
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const tiled = Math.max(2 * most, Math.ceil((mosaicTiles * all) / counts.length));
  const needed = (mosaic > 0 ? tiled : most) * (mixup > 0 ? 2 : 1) + copies;
  return BUCKETS.find((bucket) => bucket >= needed) ?? BUCKETS.at(-1)!;
}

/** Room for true boxes, and for ignored ones if there are any: without them a step has no such input. */
export function boxRoom(images: readonly ImageObjects[], options: Combining): BoxRoom {
  const counts = images.map(({ objects }) => objects.filter(({ isIgnored }) => !isIgnored).length);
  const ignored = images.map(({ objects }, index) => objects.length - counts[index]!);
  return {
    truths: roomFor(counts, options),
    ignored: ignored.some((count) => count > 0) ? roomFor(ignored, options) : 0,
  };
}
