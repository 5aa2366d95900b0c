import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Dataset } from '../../dataset.ts';
import { type OnProblem, problemHandler } from '../../problems.ts';
import { readDataYaml } from './data-yaml.ts';
import { findImages } from './image-files.ts';
import { readYoloImages } from './read-images.ts';

export interface ReadYoloOptions {
  /** Called for each invalid image or label, which is then skipped. If omitted, the first one throws. */
  readonly onProblem?: OnProblem | undefined;
}

/**
 * Reads a split of detection data in YOLO format: a `data.yaml`, images, and a label file for each image.
 * Class numbers become category ids.
 * @throws MicroYoloError `not-found`, or `invalid-file` with the file at fault
 */
export async function readYolo(path: string, split: string, options: ReadYoloOptions = {}): Promise<Dataset> {
  const { folders, splits, classes, keyPoints } = await readDataYaml(path);
  const entries = splits.get(split);
  if (!entries) {
    const names = [...splits.keys()].join(', ');
    throw new MicroYoloError('invalid-argument', `split "${split}": ${path} has ${names || 'none'}`);
  }
  const report = problemHandler(options.onProblem);
  const files = await findImages(entries, folders, report);
  return readYoloImages(files, { classes, keyPoints }, path, report);
}
