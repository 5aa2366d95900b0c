import { join, posix } from 'node:path';
import type { RgbImage } from '../image/decode.ts';
import type { Dataset, DatasetImage } from './dataset.ts';

/**
 * A data set's name of an image as a path inside the folder of images, with forward slashes; `undefined` for a
 * name that leads out of it. Data sets come from the net: `../../etc/passwd` must not be read, or written to.
 */
export function insideFolder(name: string): string | undefined {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  const leaves = path === '..' || path.startsWith('../');
  const absolute = path.startsWith('/') || /^[a-z]:/i.test(path);
  const folder = path === '.' || path.endsWith('/');
  return leaves || absolute || folder || path.includes('\0') ? undefined : path;
}

/** What an image of a data set is read from: its file, or its pixels. */
export function imageSource({ imageFolder }: Dataset, { fileName, pixels }: DatasetImage): string | RgbImage {
  return pixels?.() ?? join(imageFolder, fileName);
}
