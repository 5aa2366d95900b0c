import type { Size } from '../../boxes/formats.ts';
import type { Region } from './region.ts';

/** Returns the starts of parts that cover a length and overlap by at least a share of a part's length. */
function starts(whole: number, part: number, overlap: number): readonly number[] {
  if (whole <= part) return [0];
  const count = Math.ceil((whole - part) / Math.max(1, Math.floor(part * (1 - overlap)))) + 1;
  return Array.from({ length: count }, (_, index) => Math.round((index * (whole - part)) / (count - 1)));
}

/**
 * Returns evenly spaced tiles that cover an image, row by row. A tile has the given size, or that of the image if it is
 * smaller.
 * @param overlap minimum share of a tile's side that neighbors have in common, 0 to below 1
 */
export function tileRegions(image: Size, tile: Size, overlap: number): readonly (readonly Region[])[] {
  const width = Math.min(tile.width, image.width);
  const height = Math.min(tile.height, image.height);
  return starts(image.height, height, overlap).map((top) =>
    starts(image.width, width, overlap).map((left) => ({ left, top, width, height })),
  );
}
