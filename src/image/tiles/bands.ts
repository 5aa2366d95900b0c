import type { Size } from '../../boxes/formats.ts';
import { type DecodeOptions, decodeRegion, type RgbImage } from '../decode.ts';
import type { ImageSource } from '../sources.ts';
import { cutRegion } from './crop.ts';
import type { Region } from './region.ts';

/** Maximum number of an image's pixels that are in memory at once. */
export const BAND_PIXELS = 16_000_000;

/** Groups the rows of tiles into bands that are decoded together. */
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
 * Decodes the tiles of an image, one band of rows at a time, so that the whole image is never in memory. Decoders read
 * a file from its start, so each band also costs the decoding of everything above it.
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
