import { constants, type PathLike } from 'node:fs';
import { copyFile, link, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MicroYoloError, systemErrorCode } from '../../errors.ts';
import { makeFolder, notWritable } from '../../files.ts';
import type { Dataset } from '../dataset.ts';
import { mapParallel } from '../parallel.ts';
import type { OnProblem } from '../problems.ts';

/**
 * How images get into a new data set: `link`, as further names of the same files where the disk allows and
 * else copied; `copy`; or `none`.
 */
export type ImageTransfer = 'link' | 'copy' | 'none';

const OPEN_FILES = 16;

async function transferOne(from: PathLike, to: string, transfer: 'link' | 'copy'): Promise<void> {
  if (transfer === 'link') {
    try {
      await link(from, to);
      return;
    } catch (error) {
      // Another disk, or one that knows no links; a file that is there stays.
      if (systemErrorCode(error) === 'EEXIST') throw error;
    }
  }
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

/**
 * Puts the images of a data set into a folder, under their own names.
 * @param onImage called after each
 */
export async function transferImages(
  dataset: Dataset,
  folder: string,
  transfer: ImageTransfer,
  onImage: () => void,
  report: OnProblem,
): Promise<void> {
  if (transfer === 'none') return;
  const targets = dataset.images.map(({ fileName }) => join(folder, fileName));
  for (const parent of new Set(targets.map((target) => dirname(target)))) await makeFolder(parent);
  await mapParallel(dataset.images, OPEN_FILES, async ({ fileName }, index) => {
    const source = join(dataset.imageFolder, fileName);
    const target = targets[index]!;
    try {
      // A link to a link would break where the data set moves.
      await transferOne(await realpath(source), target, transfer);
    } catch (error) {
      if (systemErrorCode(error) === 'EEXIST') {
        throw new MicroYoloError('invalid-file', `${fileName}: two images have this name; rename one`);
      }
      if (systemErrorCode(error) !== 'ENOENT') throw notWritable(target, error);
      report({
        kind: 'missing-image-file',
        place: source,
        message: 'no such file; only its record is written',
      });
    }
    onImage();
  });
}
