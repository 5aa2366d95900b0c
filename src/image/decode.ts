import sharp, { type Sharp } from 'sharp';
import type { Size } from '../boxes/formats.ts';
import { checkOptions } from '../foundation/errors/check-options.ts';
import { checkRange } from '../foundation/errors/check-range.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { readImageBytes } from './bytes.ts';
import { scaleByUsedBits } from './depth.ts';
import { withinPixelBudget } from './pixel-budget.ts';
import { hasImageSignature } from './signature.ts';
import { channelsOf, type ImageSource, isRawImage, sourceName } from './sources.ts';
import type { Region } from './tiles/region.ts';
import { describeTorn, describeUnended } from './torn.ts';

/** A note about an image that was used although it is unusual. */
export interface ImageNote {
  /**
   * `torn`: a truncated file with nearly all of its pixels. `depth`: values of more than 8 bits, which were scaled by
   * the bits in use.
   */
  readonly kind: 'torn' | 'depth';
  /** Text for users, without the image's name. */
  readonly message: string;
}

/** Decoded pixels: upright, 8-bit RGB, in row-major order. */
export interface RgbImage extends Size {
  /** RGB bytes in row-major order. The length is 3 · width · height. */
  readonly data: Uint8Array;
  /** A note about the image. Undefined for most images. */
  readonly note?: ImageNote | undefined;
}

/** Options for decoding. */
export interface DecodeOptions {
  /** Maximum size of an image in pixels. Larger images are rejected before they are decoded. @default 100,000,000 */
  readonly maxPixels?: number | undefined;
}

export const DEFAULT_MAX_PIXELS = 100_000_000;

/** @throws MicroYoloError `invalid-argument` */
export function checkMaxPixels(maxPixels: number | undefined): void {
  if (maxPixels !== undefined) checkRange('maxPixels', maxPixels, 1, Number.MAX_SAFE_INTEGER, true);
}

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

/** Returns the first line of a decoder's message, which is the one that states the problem. */
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

/** Converts to three 8-bit channels: transparency over white, gray and CMYK as RGB. */
function toRgb(image: Sharp): Sharp {
  return image.flatten({ background: '#ffffff' }).toColorspace('srgb');
}

async function pixels(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`decoded ${info.channels} channels`);
  return { data, width: info.width, height: info.height };
}

/** Renders an opened image, given its upright size. */
type Render = (upright: Sharp, original: Size) => Sharp;

interface Rendered {
  readonly image: RgbImage;
  readonly original: Size;
}

async function renderFile(image: Sharp, render: Render): Promise<Rendered> {
  const metadata = await image.metadata();
  const { width, height } = metadata.autoOrient;
  const original = { width, height };
  return withinPixelBudget(width * height, async () => {
    const scaled = await scaleByUsedBits(image.clone().autoOrient(), metadata);
    const rgb = await pixels(render(toRgb(scaled?.image ?? image.autoOrient()), original));
    const note: ImageNote | undefined =
      scaled?.note === undefined ? undefined : { kind: 'depth', message: scaled.note };
    return { image: note ? { ...rgb, note } : rgb, original };
  });
}

async function renderBytes(bytes: Uint8Array, maxPixels: number, render: Render): Promise<Rendered> {
  const open = (failOn: 'truncated' | 'none') =>
    sharp(bytes, { limitInputPixels: maxPixels, failOn, ignoreIcc: true });
  const noted = ({ image, original }: Rendered, message: string | undefined): Rendered =>
    message === undefined
      ? { image, original }
      : { image: { ...image, note: { kind: 'torn', message } }, original };
  let whole: Rendered;
  try {
    whole = await renderFile(open('truncated'), render);
  } catch (error) {
    const message = await describeTorn(bytes, error, maxPixels);
    if (message === undefined) throw error;
    return noted(await renderFile(open('none'), render), message);
  }
  return noted(whole, describeUnended(bytes));
}

async function renderSource(source: ImageSource, options: DecodeOptions, render: Render): Promise<Rendered> {
  checkOptions('decode options', options, { maxPixels: 'number' });
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  checkMaxPixels(maxPixels);
  try {
    if (isRawImage(source)) {
      const { data, width, height } = source;
      if (width * height > maxPixels) throw tooLarge(source, maxPixels);
      const raw = { width, height, channels: channelsOf(source) };
      const original = { width, height };
      return { image: await pixels(render(toRgb(sharp(data, { raw })), original)), original };
    }
    const bytes = await readImageBytes(source);
    if (bytes.byteLength === 0) throw invalid(source, 'is empty');
    if (!hasImageSignature(bytes))
      throw invalid(source, 'cannot be decoded (its first bytes are not those of an image)');
    return await renderBytes(bytes, maxPixels, render);
  } catch (error) {
    throw decodingError(source, error, maxPixels);
  }
}

/**
 * Decodes an image at full size.
 * @throws MicroYoloError `not-found`, `unreachable`, `invalid-file` if it is damaged or too large,
 * `invalid-argument` for an invalid source or option
 */
export async function decodeImage(source: ImageSource, options: DecodeOptions = {}): Promise<RgbImage> {
  return (await renderSource(source, options, (upright) => upright)).image;
}

/**
 * Decodes an image and shrinks it, with antialiasing. JPEGs are decoded at a fraction of their size if that suffices,
 * which is several times as fast for large photos. Sides shorter than the target are not enlarged, because libvips then
 * shifts the image by half a pixel.
 * @param target returns the target size, given the size of the upright image
 * @throws MicroYoloError as `decodeImage`
 */
export async function decodeShrunk(
  source: ImageSource,
  target: (original: Size) => Size,
  options: DecodeOptions = {},
): Promise<Rendered> {
  return renderSource(source, options, (upright, original) => {
    const wanted = target(original);
    const width = Math.min(wanted.width, original.width);
    const height = Math.min(wanted.height, original.height);
    return upright.resize(width, height, { fit: 'fill', kernel: 'linear' });
  });
}

/**
 * Decodes a part of an image. The other parts take time, but no memory if the format allows it.
 * @param region a region inside the upright image
 * @throws MicroYoloError as `decodeImage`
 */
export async function decodeRegion(
  source: ImageSource,
  region: Region,
  options: DecodeOptions = {},
): Promise<RgbImage> {
  const { left, top, width, height } = region;
  return (await renderSource(source, options, (upright) => upright.extract({ left, top, width, height })))
    .image;
}
