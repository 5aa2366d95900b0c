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
  /** Holds a list of image names for each split. */
  readonly sets: string;
}

const hasXml = (names: readonly string[]) => names.some((name) => /\.xml$/.test(name));

/** The folders of a VOC data set, written in any case; sets with all files in one folder are common too. */
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

/** Names of all files of annotations without their ending, in order. */
export async function annotationNames(folder: string): Promise<readonly string[]> {
  const found = await glob('**/*.xml', { cwd: folder, expandDirectories: false });
  if (found.length > 0) return found.map(withoutEnding).sort();
  throw new MicroYoloError('not-found', `${folder}: has no .xml files, expected Pascal VOC annotations`, {
    path: folder,
  });
}

/** Images of a folder: their paths inside it, and each by its name without ending. */
export async function imageNames(folder: string) {
  const found = await glob('**/*', { cwd: folder, expandDirectories: false });
  const images = found.filter(isImagePath);
  return {
    paths: new Set(images),
    byName: new Map(images.map((path) => [withoutEnding(path), path] as const)),
    /** Paths of photos that cannot be read by their ending too. */
    photos: found.filter(isPhotoPath),
  };
}

/** Names in the list of a split; lists of one class have a second column, of −1, 0 or 1. */
export async function splitNames(sets: string, split: string): Promise<readonly string[]> {
  const text = await readText(join(sets, `${split}.txt`), `the list of the split "${split}"`);
  const lines = filledLines(text).map(({ line }) => line.replaceAll('\\', '/'));
  const isOfOneClass = lines.every((line) => /^\S+\s+(-1|0|1)$/.test(line));
  return [...new Set(isOfOneClass ? lines.map((line) => line.split(/\s+/)[0]!) : lines)];
}

/** Lists that tell apart the images of a VOC folder. */
export const VOC_SPLITS = ['train', 'trainval', 'val', 'test'] as const;

/** Splits to train and measure on that a VOC folder has lists of: `trainval` only where there is no `train`. */
export async function vocSplits(folder: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(join(folder, 'ImageSets/Main')).catch(() => []);
  const has = (split: string) => names.includes(`${split}.txt`);
  const val = ['val', 'valid', 'validation'].find(has);
  return [has('train') ? 'train' : 'trainval', ...(val ? [val] : []), 'test'].filter(has);
}
