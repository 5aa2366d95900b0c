import { extname } from 'node:path';
import { isAddress } from '../foundation/addresses.ts';
import { MicroYoloError, printableValue } from '../foundation/errors/errors.ts';

/**
 * Pixels in memory, RGB or RGBA, in row-major order. The length of `data` tells which. A browser's `ImageData` is
 * accepted.
 */
export interface RawImage {
  /** RGB or RGBA bytes, in row-major order. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
}

/**
 * Returns the number of values per pixel.
 * @throws MicroYoloError `invalid-argument` if the length fits neither RGB nor RGBA
 */
export function channelsOf(image: RawImage): 3 | 4 {
  const { data, width, height } = image;
  const channels = data.length / (width * height);
  if (channels === 3 || channels === 4) return channels;
  throw new MicroYoloError(
    'invalid-argument',
    `${sourceName(image)}: ${data.length} values, expected width × height × 3 (RGB) or 4 (RGBA)`,
  );
}

/**
 * Returns an image's pixels as RGB. RGBA is shown over white.
 * @throws MicroYoloError `invalid-argument` if the length of the data fits neither RGB nor RGBA
 */
export function rgbOf(image: RawImage): RawImage & { readonly data: Uint8Array } {
  const { data, width, height } = image;
  if (channelsOf(image) === 3) {
    const bytes =
      data instanceof Uint8Array ? data : new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { data: bytes, width, height };
  }
  const rgb = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[4 * pixel + 3]! / 255;
    for (let channel = 0; channel < 3; channel++)
      rgb[3 * pixel + channel] = Math.round(255 + alpha * (data[4 * pixel + channel]! - 255));
  }
  return { data: rgb, width, height };
}

/**
 * An image file: a path, an address or its bytes. Addresses are strings or `URL`s with https:, file: or data:, or http:
 * for this machine only. Bytes are a `Blob`, an `ArrayBuffer`, a `Buffer` or another typed array.
 */
export type EncodedImage = string | URL | Blob | ArrayBufferLike | ArrayBufferView;

/** An image file or pixels. */
export type ImageSource = EncodedImage | RawImage;

/** Whether a source is pixels. @throws MicroYoloError `invalid-argument` if it is not a valid source */
export function isRawImage(source: ImageSource): source is RawImage {
  if (typeof source === 'string' || source instanceof URL || source instanceof Blob) return false;
  if (ArrayBuffer.isView(source) || isBuffer(source)) return false;
  if (typeof source === 'object' && source !== null && 'data' in source) {
    const { data, width, height } = source;
    const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
    if (isBytes && Number.isInteger(width) && Number.isInteger(height)) return true;
    throw new MicroYoloError(
      'invalid-argument',
      'pixels: expected { data, width, height } with data a Uint8Array or Uint8ClampedArray, and whole numbers',
    );
  }
  throw new MicroYoloError(
    'invalid-argument',
    `image ${printableValue(source)}: expected a path, URL, Blob, ArrayBuffer, typed array, or pixels { data, width, height }`,
    { field: 'image', received: source },
  );
}

const isBuffer = (source: unknown): source is ArrayBufferLike =>
  source instanceof ArrayBuffer || source instanceof SharedArrayBuffer;

export const IMAGE_EXTENSIONS = [
  ...['.jpg', '.jpeg', '.jpe', '.jfif', '.mpo', '.png', '.webp', '.gif', '.avif', '.tif', '.tiff'],
] as const;

/** Extensions of photos that cannot be read: newer phone formats, raw camera formats, and outdated formats. */
export const OTHER_EXTENSIONS = [
  ...[
    '.heic',
    '.heif',
    '.bmp',
    '.pgm',
    '.ppm',
    '.pbm',
    '.pnm',
    '.jxl',
    '.jp2',
    '.dng',
    '.cr2',
    '.nef',
    '.arw',
  ],
] as const;

export const endsAs = (path: string, endings: readonly string[]) =>
  endings.includes(extname(path).toLowerCase());

/** Whether a text is an address (https:, http:, file: or data:) and not a path. */
export function isImageAddress(text: string): boolean {
  return isAddress(text) || /^(file:\/\/|data:)/i.test(text);
}

/** Whether a path has the extension of a supported image format. */
export function isImagePath(path: string): boolean {
  return endsAs(path, IMAGE_EXTENSIONS);
}

/** Whether a path has the extension of a photo, in a supported format or not. */
export function isPhotoPath(path: string): boolean {
  return isImagePath(path) || endsAs(path, OTHER_EXTENSIONS);
}

/** Returns a source's name for messages. */
export function sourceName(source: ImageSource): string {
  if (typeof source === 'string' || source instanceof URL) {
    const text = String(source);
    // A `data:` address is as long as the image that it contains.
    return /^data:/i.test(text) && text.length > 40 ? `${text.slice(0, 40)}…` : text;
  }
  if (source instanceof Blob && 'name' in source) return String(source.name);
  return isRawImage(source) ? `pixels (${source.width}×${source.height})` : 'image in memory';
}
