import { constants } from 'node:fs';
import { copyFile, link, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { notWritable } from '../../foundation/files/write.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import type { Dataset } from '../dataset.ts';
import type { OnProblem } from '../problems.ts';
import type { ImageTransfer } from './transfers.ts';

const OPEN_FILES = 16;

/** Resolves symbolic links: a hard link to a relative symbolic link would break in another folder. */
async function imageFile(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? await realpath(path) : undefined;
  } catch {
    return undefined;
  }
}

async function transferOne(from: string, to: string, transfer: 'link' | 'copy'): Promise<void> {
  if (transfer === 'link') {
    try {
      await link(from, to);
      return;
    } catch (error) {
      // Fall back to copying on another disk, or on a file system without links. Existing files are kept.
      if (systemErrorCode(error) === 'EEXIST') throw error;
    }
  }
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

/** @throws MicroYoloError `invalid-file` if two images have the same file name */
export function refuseRepeats({ images }: Dataset): void {
  const seen = new Set<string>();
  for (const { fileName } of images) {
    if (seen.has(fileName)) {
      const remedy = 'rename one, or join them with "micro-yolo dataset check --fix"';
      throw new MicroYoloError('invalid-file', `${fileName}: two images have this name; ${remedy}`);
    }
    seen.add(fileName);
  }
}

/**
 * Links or copies the images of a data set into a folder, under their own names.
 * @param onImage called after each image
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
    const file = await imageFile(source);
    if (file === undefined) {
      const message = 'no such file; only its record is written';
      report({ kind: 'missing-image-file', place: source, message });
    } else {
      await transferOne(file, target, transfer).catch((error: unknown) => {
        if (systemErrorCode(error) !== 'EEXIST') throw notWritable(target, error);
        throw new MicroYoloError('invalid-file', `${fileName}: two images have this name; rename one`);
      });
    }
    onImage();
  });
}
