import { join, posix } from 'node:path';
import type { RgbImage } from '../image/decode.ts';
import type { Dataset, DatasetImage } from './dataset.ts';

/**
 * Normalizes an image name to a path inside the image folder, with forward slashes. Data sets are downloaded, so
 * paths such as `../../etc/passwd` must be neither read nor written.
 * @returns `undefined` if the name leads out of the folder
 */
export function insideFolder(name: string): string | undefined {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  const leaves = path === '..' || path.startsWith('../');
  const absolute = path.startsWith('/') || /^[a-z]:/i.test(path);
  const folder = path === '.' || path.endsWith('/');
  return leaves || absolute || folder || path.includes('\0') ? undefined : path;
}

/** Source of an image: the path of its file, or its pixels. */
export function imageSource({ imageFolder }: Dataset, { fileName, pixels }: DatasetImage): string | RgbImage {
  return pixels?.() ?? join(imageFolder, fileName);
}
