import type { Size } from '../../boxes/formats.ts';
import { type DecodeOptions, decodeRegion, type RgbImage } from '../decode.ts';
import type { ImageSource } from '../sources.ts';
import type { Region } from './tiles.ts';

/** Pixels of an image that are in memory at a time. */
export const BAND_PIXELS = 16_000_000;

/** A part of an image's pixels, copied. */
export function cutRegion({ data, width }: RgbImage, { left, top, ...size }: Region): RgbImage {
  const cut = new Uint8Array(3 * size.width * size.height);
  for (let row = 0; row < size.height; row++) {
    const from = 3 * ((top + row) * width + left);
    cut.set(data.subarray(from, from + 3 * size.width), 3 * row * size.width);
  }
  return { data: cut, ...size };
}

/** Rows of tiles that are decoded together. */
function bandsOf(rows: readonly (readonly Region[])[], { width }: Size): readonly (readonly Region[])[] {
  const bands: Region[][] = [];
  for (const row of rows) {
    const [band, first] = [bands.at(-1), bands.at(-1)?.[0]];
    const bottom = row[0]!.top + row[0]!.height;
    if (band && first && (bottom - first.top) * width <= BAND_PIXELS) band.push(...row);
    else bands.push([...row]);
  }
  return bands;
}

/**
 * Decodes the tiles of an image a band of rows at a time: an image of 100 megapixels never lies in memory whole. A decoder
 * reads a file from its beginning, so that each band costs the decoding of all above it too.
 */
export async function* decodeTiles(
  source: ImageSource,
  rows: readonly (readonly Region[])[],
  image: Size,
  options: DecodeOptions,
): AsyncGenerator<{ readonly region: Region; readonly pixels: RgbImage }> {
  for (const regions of bandsOf(rows, image)) {
    const { top } = regions[0]!;
    const { top: lastTop, height: lastHeight } = regions.at(-1)!;
    const height = lastTop + lastHeight - top;
    const band = await decodeRegion(source, { left: 0, top, width: image.width, height }, options);
    for (const region of regions) {
      yield { region, pixels: cutRegion(band, { ...region, top: region.top - top }) };
    }
  }
}
