import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { isFolder } from '../../../foundation/files/folders.ts';
import { unreadable } from '../../../foundation/files/read.ts';
import { filledLines, readText } from '../../../foundation/files/text.ts';
import { isImagePath, isPhotoPath } from '../../../image/sources.ts';
import { withoutEnding } from '../../image-name.ts';

export interface VocFolders {
  readonly annotations: string;
  readonly images: string;
  /** Contains a list of image names for each split. */
  readonly sets: string;
}

const hasXml = (names: readonly string[]) => names.some((name) => /\.xml$/.test(name));

/** Finds the folders of a VOC data set, in upper or lower case. All files may also be in a single folder. */
export async function vocFolders(folder: string): Promise<VocFolders> {
  const inside = await readdir(folder).catch(async (error: unknown) =>
    Promise.reject(await unreadable(folder, 'a folder with Annotations, ImageSets and JPEGImages', error)),
  );
  const first = async (...names: readonly string[]) => {
    for (const name of names) {
      for (const found of inside.filter((entry) => entry.toLowerCase() === name)) {
        if (await isFolder(join(folder, found))) return join(folder, found);
      }
    }
    return folder;
  };
  const annotations = await first('annotations', 'annotation', 'xmls', 'xml');
  return {
    annotations: annotations === folder && !hasXml(inside) ? await first('labels') : annotations,
    images: await first('jpegimages', 'images', 'image'),
    sets: join(folder, 'ImageSets/Main'),
  };
}

/** Sorted names of all annotation files, without extension. */
export async function annotationNames(folder: string): Promise<readonly string[]> {
  const found = await glob('**/*.xml', { cwd: folder, expandDirectories: false });
  if (found.length > 0) return found.map(withoutEnding).sort();
  throw new MicroYoloError('not-found', `${folder}: has no .xml files, expected Pascal VOC annotations`, {
    path: folder,
  });
}

/** Images in a folder: their relative paths, and the path for each name without extension. */
export async function imageNames(folder: string) {
  const found = await glob('**/*', { cwd: folder, expandDirectories: false });
  const images = found.filter(isImagePath);
  return {
    paths: new Set(images),
    byName: new Map(images.map((path) => [withoutEnding(path), path] as const)),
    /** Relative paths of all photos, including those in formats that cannot be read. */
    photos: found.filter(isPhotoPath),
  };
}

/** Image names in the list of a split. Lists for a single class have a second column with −1, 0 or 1. */
export async function splitNames(sets: string, split: string): Promise<readonly string[]> {
  const text = await readText(join(sets, `${split}.txt`), `the list of the split "${split}"`);
  const lines = filledLines(text).map(({ line }) => line.replaceAll('\\', '/'));
  const isOfOneClass = lines.every((line) => /^\S+\s+(-1|0|1)$/.test(line));
  return [...new Set(isOfOneClass ? lines.map((line) => line.split(/\s+/)[0]!) : lines)];
}

/** Standard split lists of a VOC folder. */
export const VOC_SPLITS = ['train', 'trainval', 'val', 'test'] as const;

/** Splits that a VOC folder has lists for. `trainval` counts only if there is no `train`. */
export async function vocSplits(folder: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(join(folder, 'ImageSets/Main')).catch(() => []);
  const has = (split: string) => names.includes(`${split}.txt`);
  const val = ['val', 'valid', 'validation'].find(has);
  return [has('train') ? 'train' : 'trainval', ...(val ? [val] : []), 'test'].filter(has);
}
