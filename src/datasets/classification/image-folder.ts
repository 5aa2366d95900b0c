import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { MicroYoloError } from '../../errors.ts';
import { unreadable } from '../../files.ts';
import { decodeImage } from '../../image/decode.ts';
import { IMAGE_EXTENSIONS } from '../../image/sources.ts';
import { mapParallel } from '../parallel.ts';
import type { ClassificationDataset } from './dataset.ts';

const OPEN_FOLDERS = 16;

async function imagesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => (IMAGE_EXTENSIONS as readonly string[]).includes(extname(name).toLowerCase()))
    .sort()
    .map((name) => join(folder, name));
}

/** Splits of a folder that has a folder for each, with a folder of images for each class in it. */
export async function imageFolderSplits(folder: string): Promise<readonly string[]> {
  const found = await glob('{train,val,valid,test}/*/*', { cwd: folder, expandDirectories: false, deep: 3 });
  const images = found.filter((name) =>
    (IMAGE_EXTENSIONS as readonly string[]).includes(extname(name).toLowerCase()),
  );
  return [...new Set(images.map((name) => name.split('/')[0]!))].sort();
}

/**
 * Reads images for classification: a folder with a folder for each class. Classes are in the order of their
 * names; images are decoded when asked for.
 * @throws MicroYoloError `not-found` where there are no such folders, or no images in them
 */
export async function readImageFolder(folder: string): Promise<ClassificationDataset> {
  const what = 'a folder with a folder of images for each class';
  const found = await readdir(folder, { withFileTypes: true }).catch(async (error: unknown) =>
    Promise.reject(await unreadable(folder, what, error)),
  );
  const classes = found
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
  const images = await mapParallel(classes, OPEN_FOLDERS, (name) => imagesIn(join(folder, name)));
  const paths = images.flat();
  if (paths.length === 0)
    throw new MicroYoloError('not-found', `${folder}: expected ${what}; check the path`);
  return {
    classes,
    labels: Int32Array.from(images.flatMap((inside, label) => inside.map(() => label))),
    nameOf: (index) => paths[index] ?? folder,
    sourceOf: (index) => paths[index]!,
    load: (index) => decodeImage(paths[index]!),
  };
}
