import { isAbsolute, join, relative, sep } from 'node:path';
import type { Dataset } from '../dataset.ts';

/**
 * The data set with its images named from a folder above theirs, so that a file there finds them;
 * `undefined` where they lie elsewhere.
 */
export function renameImages(dataset: Dataset, folder: string): Dataset | undefined {
  const path = relative(folder, dataset.imageFolder);
  // On another drive of Windows there is no way from one to the other.
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  const prefix = path.replaceAll(sep, '/');
  const images = dataset.images.map((image) => ({
    ...image,
    fileName: prefix === '' ? image.fileName : `${prefix}/${image.fileName}`,
  }));
  return { ...dataset, images, imageFolder: join(folder) };
}
