import { stat } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { unreadable } from '../foundation/files/read.ts';
import { endsAs, IMAGE_EXTENSIONS, isImageAddress, isImagePath, OTHER_EXTENSIONS } from './sources.ts';

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

/** A glob with `/` between folders. On Windows, `\` separates folders, but in a glob it is an escape character. */
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
 * @param onWarning called for photos in folders and globs whose file extension is not supported
 * @param onUnusable called for names without an image, if another name has one. If omitted, the first such name throws
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
