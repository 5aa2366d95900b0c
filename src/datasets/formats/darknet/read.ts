import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Dataset } from '../../dataset.ts';
import { type OnProblem, problemHandler } from '../../problems.ts';
import { findImages } from '../yolo/image-files.ts';
import { readYoloImages } from '../yolo/read-images.ts';
import { readDataFile } from './data-file.ts';

export interface ReadDarknetOptions {
  /** Called for each invalid image or label, which is then skipped. If omitted, the first one throws. */
  readonly onProblem?: OnProblem | undefined;
}

/**
 * Reads a split of detection data in Darknet format: a `.data` file, lists of images and names, and labels next to the
 * images. Class numbers become category ids.
 * @param split `train`, or `val` for Darknet's `valid`
 * @throws MicroYoloError `not-found`, or `invalid-file` with the file at fault
 */
export async function readDarknet(
  path: string,
  split: string,
  options: ReadDarknetOptions = {},
): Promise<Dataset> {
  const { lists, classes, folders } = await readDataFile(path);
  const list = lists.get(split);
  if (list === undefined) {
    const known = [...lists.keys()].join(', ');
    throw new MicroYoloError('invalid-argument', `split "${split}": ${path} has ${known || 'none'}`);
  }
  const report = problemHandler(options.onProblem);
  const files = await findImages([list], folders, report);
  return readYoloImages(files, { classes, keyPoints: 0 }, path, report);
}
