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

/** Finds `images/` in a folder, or next to it if it is `labels/`. Otherwise returns the folder itself. */
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
 * Reads a folder of YOLO labels without a `data.yaml`, as labeling programs write it. `classes.txt` is next to the
 * labels or above them. Labels are next to the images, or in `labels/` for images in `images/`.
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
