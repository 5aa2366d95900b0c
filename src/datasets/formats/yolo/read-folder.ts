import { basename, dirname, join } from 'node:path';
import { readClassNames } from '../../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { isFolder } from '../../../foundation/files/folders.ts';
import type { Dataset } from '../../dataset.ts';
import { problemHandler } from '../../problems.ts';
import { listedClasses } from './class-table.ts';
import { findImages } from './image-files.ts';
import type { ReadYoloOptions } from './read.ts';
import { readYoloImages } from './read-images.ts';

/** `images/` of a folder, or beside one that is `labels/`; else the folder itself. */
async function imagesOf(folder: string): Promise<string> {
  const beside = basename(folder).toLowerCase() === 'labels' ? [dirname(folder)] : [];
  for (const parent of [folder, ...beside]) {
    for (const name of ['images', 'JPEGImages', 'Images']) {
      const images = join(parent, name);
      if (await isFolder(images)) return images;
    }
  }
  return folder;
}

/**
 * Reads YOLO's labels of a folder without a description, as labeling programs leave it: `classes.txt`, beside the
 * labels or above them, and images with labels beside them, or in `images/` with labels in `labels/`.
 * @param classesFile path of the class names
 * @throws MicroYoloError `not-found`, or `invalid-file` with the file at fault
 */
export async function readYoloFolder(
  classesFile: string,
  folder: string,
  options: ReadYoloOptions = {},
): Promise<Dataset> {
  const classes = listedClasses(await readClassNames(classesFile));
  if (classes.categories.length === 0) {
    throw new MicroYoloError('invalid-file', `${classesFile}: lists no classes`);
  }
  const report = problemHandler(options.onProblem);
  const files = await findImages([await imagesOf(folder)], [], report);
  return readYoloImages(files, { classes, keyPoints: 0 }, folder, report);
}
