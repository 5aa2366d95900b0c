import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { isAddress } from '../foundation/addresses.ts';
import { MicroYoloError, printableValue } from '../foundation/errors/errors.ts';
import { unreadable } from '../foundation/files/read.ts';

/** Pixels in memory, row by row, RGB or RGBA. The length tells which. A browser's `ImageData` fits. */
export interface RawImage {
  /** RGB or RGBA bytes, row by row. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Width of lines, in pixels. */
  readonly width: number;
  /** Width of lines, in pixels. */
  readonly height: number;
}

/**
 * Values a pixel.
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
 * An image file: a path; an address as a string or `URL` (https:, file:, data:; http: only for this machine); or its
 * bytes as a `Blob`, an `ArrayBuffer`, a `Buffer` or another typed array.
 */
export type EncodedImage = string | URL | Blob | ArrayBufferLike | ArrayBufferView;

/** An image file or pixels. */
export type ImageSource = EncodedImage | RawImage;

/** Whether a source is pixels. @throws MicroYoloError `invalid-argument` for what is no source at all */
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

/** Of photos that cannot be read: phones' and cameras' own, and old ones. */
const OTHER_EXTENSIONS = [
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

const endsAs = (path: string, endings: readonly string[]) => endings.includes(extname(path).toLowerCase());

/** Whether a text is an address (https:, http:, file: or data:) and no path. */
export function isImageAddress(text: string): boolean {
  return isAddress(text) || /^(file:\/\/|data:)/i.test(text);
}

/** Whether a path ends as images do that can be read. */
export function isImagePath(path: string): boolean {
  return endsAs(path, IMAGE_EXTENSIONS);
}

/** Whether a path ends as photos do, whether they can be read or not. */
export function isPhotoPath(path: string): boolean {
  return isImagePath(path) || endsAs(path, OTHER_EXTENSIONS);
}

/** How a source is called in messages. */
export function sourceName(source: ImageSource): string {
  if (typeof source === 'string' || source instanceof URL) {
    const text = String(source);
    // An address that holds a whole image is as long.
    return /^data:/i.test(text) && text.length > 40 ? `${text.slice(0, 40)}…` : text;
  }
  if (source instanceof Blob && 'name' in source) return String(source.name);
  return isRawImage(source) ? `pixels (${source.width}×${source.height})` : 'image in memory';
}

/** Those not inside some folders; all, where all are. */
function outside(paths: readonly string[], folders: readonly string[]): readonly string[] {
  const inside = folders.map((folder) => `${resolve(folder)}${sep}`);
  const others = paths.filter((path) => !inside.some((folder) => resolve(path).startsWith(folder)));
  return others.length > 0 ? others : paths;
}

async function filesInFolder(folder: string): Promise<readonly string[]> {
  const inside = await glob('**/*', { cwd: folder, caseSensitiveMatch: false, expandDirectories: false });
  return inside.sort().map((path) => join(folder, path));
}

/** Paths of the images in a folder and its subfolders, in the order of their names; hidden ones are left out. */
export async function imagesInFolder(folder: string): Promise<readonly string[]> {
  return (await filesInFolder(folder)).filter(isImagePath);
}

/** What to say of photos among files that cannot be read, if there are any. */
function unreadPhotos(files: readonly string[]): string | undefined {
  const photos = files.filter((path) => endsAs(path, OTHER_EXTENSIONS));
  if (photos.length === 0) return undefined;
  const endings = [...new Set(photos.map((path) => extname(path).toLowerCase()))].sort().join(', ');
  const count = photos.length === 1 ? '1 photo' : `${photos.length} photos`;
  return `${count} in ${endings}, which cannot be read; convert to JPEG`;
}

/** A glob as it is written everywhere: on Windows a `\` parts folders, where a glob would escape by it. */
const portable = (pattern: string) =>
  process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;

/** The images among what a folder or glob has, and a warning of photos that are not; an error without images. */
function readableOf(
  pattern: string,
  files: readonly string[],
  problem: string,
  remedy: string,
  onWarning: (message: string) => void,
): readonly string[] {
  const images = files.filter(isImagePath);
  const unread = unreadPhotos(files);
  if (images.length === 0) {
    throw new MicroYoloError('not-found', `${pattern}: ${problem}; ${unread ?? remedy}`);
  }
  if (unread !== undefined) onWarning(`${pattern}: ${unread}`);
  return images;
}

async function expandOne(
  pattern: string,
  except: readonly string[],
  onWarning: (message: string) => void,
): Promise<readonly string[]> {
  const found = await stat(pattern).catch((error: unknown) => ({ error }));
  if (!('error' in found)) {
    if (!found.isDirectory()) return [pattern];
    const problem = `a folder without images, expected ${IMAGE_EXTENSIONS.join(', ')}`;
    const images = readableOf(pattern, await filesInFolder(pattern), problem, 'check the path', onWarning);
    return outside(images, except);
  }
  if (pattern === '') {
    throw new MicroYoloError('invalid-argument', 'image "": expected a file, folder or glob; name one');
  }
  if (!isDynamicPattern(portable(pattern)))
    throw await unreadable(pattern, 'an image, folder or glob', found.error);
  const matches = (await glob(portable(pattern), { expandDirectories: false })).sort();
  return outside(readableOf(pattern, matches, 'matches no image', 'check the pattern', onWarning), except);
}

/** A name of images that cannot be used, and why. */
export interface UnusableImage {
  readonly image: string;
  readonly error: MicroYoloError;
}

/**
 * Expands files, folders (with their subfolders) and globs into image paths, in the order given and without
 * repetition. Files are taken whatever they are called; in folders and globs the ending decides. Addresses stay as
 * they are.
 * @param except folders not to search, where other images are found: those of the pictures of an earlier run
 * @param onWarning told of photos in folders and globs that cannot be read by their ending
 * @param onUnusable told of names that lead to no image, if another does; without it the first of them is an error
 * @throws MicroYoloError `not-found` for a path that is not there, or has no images
 */
export async function expandImagePaths(
  patterns: readonly string[],
  except: readonly string[] = [],
  onWarning: (message: string) => void = () => {},
  onUnusable?: (unusable: UnusableImage) => void,
): Promise<readonly string[]> {
  // `dog.jpg` and `./dog.jpg` are one file.
  const byFile = new Map<string, string>();
  const unusable: UnusableImage[] = [];
  for (const pattern of patterns) {
    if (isImageAddress(pattern)) {
      byFile.set(pattern, pattern);
      continue;
    }
    try {
      for (const path of await expandOne(pattern, except, onWarning))
        if (!byFile.has(resolve(path))) byFile.set(resolve(path), path);
    } catch (error) {
      if (!onUnusable || !(error instanceof MicroYoloError)) throw error;
      unusable.push({ image: pattern, error });
    }
  }
  const [first, ...others] = unusable;
  if (byFile.size === 0 && first) {
    if (others.length === 0) throw first.error;
    throw new MicroYoloError(
      first.error.code,
      `none of ${unusable.length} images can be used (${first.error.message})`,
    );
  }
  for (const one of unusable) onUnusable?.(one);
  return [...byFile.values()];
}
