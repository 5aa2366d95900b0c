import { join } from 'node:path';
import { MicroYoloError } from '../../errors.ts';
import { isFolder } from '../../files.ts';
import type { Dataset } from '../dataset.ts';
import { problemHandler } from '../problems.ts';
import { filledLines, readText } from '../text.ts';
import { findImages } from './image-files.ts';
import type { ReadYoloOptions } from './read.ts';
import { readYoloImages } from './read-images.ts';

/** Names of the classes, one a line in the order of their numbers. */
export const CLASSES_FILE = 'classes.txt';

/**
 * Reads YOLO's labels of a folder without a description, as labeling programs leave it: `classes.txt`, and images with
 * labels beside them, or in `images/` with labels in `labels/`.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the file at fault
 */
export async function readYoloFolder(folder: string, options: ReadYoloOptions = {}): Promise<Dataset> {
  const path = join(folder, CLASSES_FILE);
  const names = filledLines(await readText(path, 'names of classes')).map(({ line }) => line);
  if (names.length === 0) throw new MicroYoloError('invalid-file', `${path}: names no class`);
  const categories = names.map((name, id) => ({ id, name }));
  const placeOf = new Map(names.map((_, place) => [place, place]));
  const report = problemHandler(options.onProblem);
  const images = join(folder, 'images');
  const files = await findImages([(await isFolder(images)) ? images : folder], [], report);
  return readYoloImages(files, categories, placeOf, report);
}
