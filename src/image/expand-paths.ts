import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { counted } from '../foundation/counted.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { unreadable } from '../foundation/files/read.ts';
import { endsAs, IMAGE_EXTENSIONS, isImageAddress, isImagePath, OTHER_EXTENSIONS } from './sources.ts';

/** Returns the paths outside some folders. If all are inside, returns all. */
function outside(paths: readonly string[], folders: readonly string[]): readonly string[] {
  const inside = folders.map((folder) => `${resolve(folder)}${sep}`);
  const others = paths.filter((path) => !inside.some((folder) => resolve(path).startsWith(folder)));
  return others.length > 0 ? others : paths;
}

async function filesInFolder(folder: string): Promise<readonly string[]> {
  const inside = await glob('**/*', {
    ...{ cwd: folder, caseSensitiveMatch: false, expandDirectories: false },
    ignore: ['**/node_modules/**'],
  });
  return inside.sort().map((path) => join(folder, path));
}

/**
 * Returns the paths of the images in a folder and its subfolders, sorted by name. Hidden files and `node_modules` are
 * skipped.
 */
export async function imagesInFolder(folder: string): Promise<readonly string[]> {
  return (await filesInFolder(folder)).filter(isImagePath);
}

/** Describes the photos in unsupported formats, or returns undefined if there are none. */
function unreadPhotos(files: readonly string[]): string | undefined {
  const photos = files.filter((path) => endsAs(path, OTHER_EXTENSIONS));
  if (photos.length === 0) return undefined;
  const endings = [...new Set(photos.map((path) => extname(path).toLowerCase()))].sort().join(', ');
  return `${counted(photos.length, 'photo')} in ${endings}, which cannot be read; convert to JPEG`;
}

/** A glob with `/` between folders. On Windows, `\` separates folders, but in a glob it is an escape character. */
const portable = (pattern: string) =>
  process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;

/**
 * Returns the images in a folder or glob, and warns about photos in unsupported formats. Throws if there are no images.
 */
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

/** A path or pattern whose images cannot be used, and why. */
export interface UnusableImage {
  readonly image: string;
  readonly error: MicroYoloError;
}

/**
 * Expands files, folders (with their subfolders, but not `node_modules`) and globs into image paths, in the order given and without duplicates.
 * Named files are accepted with any extension. In folders and globs, the extension decides. Addresses are returned
 * unchanged.
 * @param except folders to skip if there are other images, such as the output of an earlier run
 * @param onWarning called for photos in folders and globs whose file extension is not supported
 * @param onUnusable called for names without an image, if another name has one. If omitted, the first such name throws
 * @throws MicroYoloError `not-found` for a path that does not exist, or has no images
 */
export async function expandImagePaths(
  patterns: readonly string[],
  except: readonly string[] = [],
  onWarning: (message: string) => void = () => {},
  onUnusable?: (unusable: UnusableImage) => void,
): Promise<readonly string[]> {
  // `dog.jpg` and `./dog.jpg` are the same file.
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
