import sharp, { type Sharp } from 'sharp';
import type { Size } from '../boxes/formats.ts';
import { checkRange } from '../check-range.ts';
import { MicroYoloError } from '../errors.ts';
import { readWholeFile } from '../files.ts';
import { hasImageSignature } from './signature.ts';
import { channelsOf, type ImageSource, type RawImage, sourceName } from './sources.ts';

/** Pixels as decoders give them: upright, 8 bits, R, G, B, row by row. */
export interface RgbImage extends Size {
  readonly data: Uint8Array;
}

export interface DecodeOptions {
  /** Larger images are refused before they are decoded. In pixels. @default 100,000,000 */
  readonly maxPixels?: number | undefined;
}

export const DEFAULT_MAX_PIXELS = 100_000_000;

function invalid(source: ImageSource, problem: string): MicroYoloError {
  return new MicroYoloError(
    'invalid-file',
    `${sourceName(source)}: ${problem}; expected a whole JPEG, PNG, WebP, GIF, AVIF or TIFF image`,
  );
}

function tooLarge(source: ImageSource, maxPixels: number): MicroYoloError {
  return new MicroYoloError(
    'invalid-file',
    `${sourceName(source)}: more than ${maxPixels} pixels; shrink the image, or raise maxPixels in a program`,
  );
}

function fromPixels(image: RawImage): Sharp {
  const { data, width, height } = image;
  return sharp(data, { raw: { width, height, channels: channelsOf(image) } });
}

async function open(source: ImageSource, maxPixels: number): Promise<Sharp> {
  checkRange('maxPixels', maxPixels, 1, Number.MAX_SAFE_INTEGER, true);
  if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
    if (source.width * source.height > maxPixels) throw tooLarge(source, maxPixels);
    return fromPixels(source);
  }
  // Read here rather than by the decoder: its handle would stay open on errors, and its messages say less.
  const bytes = typeof source === 'string' ? await readWholeFile(source, 'an image') : source;
  if (bytes.byteLength === 0) throw invalid(source, 'is empty');
  if (!hasImageSignature(bytes))
    throw invalid(source, 'cannot be decoded (its first bytes are of no such image)');
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'truncated', ignoreIcc: true });
}

/** Decoders report on many lines, the first of which says what is wrong. */
function reason(error: unknown): string {
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return line.replace(/^Input (buffer|file) /, '').trim();
}

function decodingError(source: ImageSource, error: unknown, maxPixels: number): MicroYoloError {
  if (error instanceof MicroYoloError) return error;
  if (/exceeds pixel limit/.test(String(error))) {
    return tooLarge(source, maxPixels);
  }
  return invalid(source, `cannot be decoded (${reason(error)})`);
}

/** Upright by EXIF, three 8-bit channels: transparency over white, gray and CMYK as RGB. */
function toRgb(image: Sharp): Sharp {
  return image.autoOrient().flatten({ background: '#ffffff' }).toColorspace('srgb');
}

async function pixels(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`decoded ${info.channels} channels`);
  return { data, width: info.width, height: info.height };
}

/**
 * Decodes an image whole.
 * @throws MicroYoloError `not-found`, `invalid-file` where it is damaged or too large, `invalid-argument` for the limit
 */
export async function decodeImage(source: ImageSource, options: DecodeOptions = {}): Promise<RgbImage> {
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  try {
    return await pixels(toRgb(await open(source, maxPixels)));
  } catch (error) {
    throw decodingError(source, error, maxPixels);
  }
}

/**
 * Decodes an image and shrinks it in one go, antialiased; JPEGs are decoded at a fraction of their size where
 * that suffices, which makes large photographs several times faster. A side shorter than wanted stays as it
 * is: where libvips enlarges, it moves all by half a pixel.
 * @param target the size wanted, from the upright image's
 * @throws MicroYoloError as `decodeImage`
 */
export async function decodeShrunk(
  source: ImageSource,
  target: (original: Size) => Size,
  options: DecodeOptions = {},
): Promise<{ readonly image: RgbImage; readonly original: Size }> {
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  try {
    const opened = await open(source, maxPixels);
    const { autoOrient: original } = await opened.metadata();
    const wanted = target(original);
    const width = Math.min(wanted.width, original.width);
    const height = Math.min(wanted.height, original.height);
    const image = await pixels(toRgb(opened).resize(width, height, { fit: 'fill', kernel: 'linear' }));
    return { image, original: { width: original.width, height: original.height } };
  } catch (error) {
    throw decodingError(source, error, maxPixels);
  }
}
