import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { MicroYoloError } from '../errors.ts';
import { unreadable } from '../files.ts';

/** Pixels in memory, row by row: RGB or RGBA, told apart by the length. A browser's `ImageData` is one. */
export interface RawImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/**
 * Values a pixel.
 * @throws MicroYoloError `invalid-argument` where the length fits neither RGB nor RGBA
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

/** A path, the bytes of an image file, or pixels. */
export type ImageSource = string | Uint8Array | RawImage;

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
  if (typeof source === 'string') return source;
  return source instanceof Uint8Array ? 'image in memory' : `pixels (${source.width}×${source.height})`;
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

/**
 * Expands files, folders (with their subfolders) and globs into image paths, in the order given and without
 * repetition. Files are taken whatever they are called; in folders and globs the ending decides.
 * @param except folders not to search, where other images are found: those of the pictures of an earlier run
 * @param onWarning told of photos in folders and globs that cannot be read by their ending
 * @throws MicroYoloError `not-found` for a path that is not there, or has no images
 */
export async function expandImagePaths(
  patterns: readonly string[],
  except: readonly string[] = [],
  onWarning: (message: string) => void = () => {},
): Promise<readonly string[]> {
  const expanded: (readonly string[])[] = [];
  for (const pattern of patterns) expanded.push(await expandOne(pattern, except, onWarning));
  // `dog.jpg` and `./dog.jpg` are one file.
  const byFile = new Map<string, string>();
  for (const path of expanded.flat()) if (!byFile.has(resolve(path))) byFile.set(resolve(path), path);
  return [...byFile.values()];
}
