import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { isFolder } from '../../../foundation/files/folders.ts';
import { unreadable } from '../../../foundation/files/read.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import { decodeImage } from '../../../image/decode.ts';
import { imagesInFolder } from '../../../image/expand-paths.ts';
import { isImagePath } from '../../../image/sources.ts';
import type { ClassificationDataset } from './dataset.ts';

const OPEN_FOLDERS = 16;

/**
 * Finds the splits of a folder with the layout `SPLIT/CLASS/IMAGE`. A lone `SPLIT/images` is not a class: it belongs
 * to a detection data set with labels next to it.
 */
export async function imageFolderSplits(folder: string): Promise<readonly string[]> {
  const found = await glob('{train,val,valid,test}/*/*', { cwd: folder, expandDirectories: false, deep: 3 });
  const images = found.filter(isImagePath).map((name) => name.split('/'));
  if (images.every(([, folder]) => folder === 'images')) return [];
  return [...new Set(images.map(([split]) => split!))].sort();
}

/**
 * Reads images for classification from a folder with one subfolder per class. Classes are sorted by name. Images are
 * decoded on demand.
 * @throws MicroYoloError `not-found` if there are no such folders, or no images in them
 */
export async function readImageFolder(folder: string): Promise<ClassificationDataset> {
  const what = 'a folder with one folder of images per class';
  const names = await readdir(folder).catch(async (error: unknown) =>
    Promise.reject(await unreadable(folder, what, error)),
  );
  const areFolders = await mapParallel(names, OPEN_FOLDERS, (name) => isFolder(join(folder, name)));
  const classes = names.filter((name, place) => areFolders[place] && !name.startsWith('.')).sort();
  const images = await mapParallel(classes, OPEN_FOLDERS, (name) => imagesInFolder(join(folder, name)));
  const paths = images.flat();
  if (paths.length === 0)
    throw new MicroYoloError('not-found', `${folder}: expected ${what}; check the path`, { path: folder });
  return {
    classes,
    labels: Int32Array.from(images.flatMap((inside, label) => inside.map(() => label))),
    nameOf: (index) => paths[index] ?? folder,
    sourceOf: (index) => paths[index]!,
    load: (index) => decodeImage(paths[index]!),
  };
}
