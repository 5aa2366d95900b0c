import { isAbsolute, join, relative, sep } from 'node:path';
import type { Dataset } from '../dataset.ts';

/**
 * Makes image names relative to `folder`, so that an annotation file there finds them.
 * @returns `undefined` if the images are not inside `folder`
 */
export function renameImages(dataset: Dataset, folder: string): Dataset | undefined {
  const path = relative(folder, dataset.imageFolder);
  // On Windows, there is no relative path to another drive.
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  const prefix = path.replaceAll(sep, '/');
  const images = dataset.images.map((image) => ({
    ...image,
    fileName: prefix === '' ? image.fileName : `${prefix}/${image.fileName}`,
  }));
  return { ...dataset, images, imageFolder: join(folder) };
}
