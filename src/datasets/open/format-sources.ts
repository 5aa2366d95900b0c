import { basename, dirname, extname, join } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { readYamlAsWritten } from '../../foundation/files/yaml.ts';
import { readCifar } from '../formats/classification/cifar.ts';
import { labeledImages } from '../formats/classification/dataset.ts';
import { readImageFolder } from '../formats/classification/image-folder.ts';
import { readCoco } from '../formats/coco/read.ts';
import { readDataFile } from '../formats/darknet/data-file.ts';
import { readDarknet } from '../formats/darknet/read.ts';
import { vocSplits } from '../formats/voc/folders.ts';
import { readVoc, vocClasses } from '../formats/voc/read.ts';
import { unlistedAnnotations } from '../formats/voc/unlisted.ts';
import { readDataYaml } from '../formats/yolo/data-yaml.ts';
import { readYolo } from '../formats/yolo/read.ts';
import { readYoloFolder } from '../formats/yolo/read-folder.ts';
import type { DatasetSource, OpenDatasetOptions } from '../source.ts';
import { isDescription, readDescription } from './description-file.ts';
import { withForeignName } from './foreign-file.ts';
import { annotationFiles, describedUnlisted, readDescribed } from './read-described.ts';

const USUAL_SPLITS = ['train', 'val', 'test'];

/** Split in a file's name, or in its folder's name for `_annotations.coco.json`. Otherwise the name itself. */
function splitOf(file: string): string {
  const own = basename(file, extname(file));
  const name = own === '_annotations.coco' ? basename(dirname(file)) : own;
  // `trainval` is neither `train` nor `val`.
  return /(?<![a-z])(train|val|test)(id|idation|ing)?(?![a-z])/i.exec(name)?.[1]?.toLowerCase() ?? name;
}

/** Sorts train, val and test first. */
export function splitRank(file: string): number {
  const place = USUAL_SPLITS.indexOf(splitOf(file));
  return place < 0 ? USUAL_SPLITS.length : place;
}

/** Folders by split. `valid` and `Validation` become `val` if there is no folder `val`. */
function foldersBySplit(folders: readonly string[]): ReadonlyMap<string, string> {
  const splitOfFolder = (name: string) => {
    const split = name.toLowerCase();
    return /^valid(ation)?$/.test(split) && !folders.includes('val') ? 'val' : split;
  };
  return new Map(folders.map((name) => [splitOfFolder(name), name]));
}

/** Each COCO file is one split. */
export function cocoSource(files: readonly string[], options: OpenDatasetOptions): DatasetSource {
  const bySplit = new Map<string, string>();
  for (const file of files) {
    const split = splitOf(file);
    const other = bySplit.get(split);
    if (other !== undefined) {
      throw new MicroYoloError(
        'invalid-file',
        `${other} and ${file}: both are split ${split}, expected one; pass one of the files, or move one away`,
      );
    }
    bySplit.set(split, file);
  }
  return {
    format: 'coco',
    files,
    splits: [...bySplit.keys()],
    read: async (split) => {
      const file = bySplit.get(split)!;
      return readCoco(file, options).catch(async (error: unknown) =>
        Promise.reject(await withForeignName(file, error)),
      );
    },
  };
}

export async function vocSource(folder: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const { vocBoxes: boxes, imageSizes, onProblem } = options;
  const splits = await vocSplits(folder);
  const read = (split?: string) => readVoc(folder, { split, boxes, imageSizes, onProblem });
  if (splits.length === 0) return { format: 'voc', files: [], splits: ['all'], read: () => read() };
  return { format: 'voc', files: [], splits, unlisted: () => unlistedAnnotations(folder), read };
}

/** A folder of XML files and images for each split, as Roboflow lays them out. */
export function vocFoldersSource(
  folder: string,
  names: readonly string[],
  options: OpenDatasetOptions,
): DatasetSource {
  const { vocBoxes: boxes, imageSizes, onProblem } = options;
  const folders = foldersBySplit(names);
  let classes: Promise<readonly string[]> | undefined;
  const read = async (split: string) => {
    // Classes of all splits, so that a class has the same id in each.
    classes ??= vocClasses(names.map((name) => join(folder, name)));
    return readVoc(join(folder, folders.get(split)!), {
      classes: await classes,
      boxes,
      imageSizes,
      onProblem,
    });
  };
  return { format: 'voc', files: [], splits: [...folders.keys()], read };
}

export async function yamlSource(path: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  if (isDescription(await readYamlAsWritten(path, 'a description of a data set'))) {
    const description = await readDescription(path);
    return {
      format: description.format,
      files: [path, ...(await annotationFiles(description))],
      splits: Object.keys(description.splits),
      unlisted: () => describedUnlisted(description),
      read: (split) => readDescribed(description, split, options),
    };
  }
  const { splits } = await readDataYaml(path);
  return {
    format: 'yolo',
    files: [path],
    splits: [...splits.keys()],
    read: (split) => readYolo(path, split, options),
  };
}

/**
 * A folder of labels and images without a description is one split.
 * @param classesFile path of the class names
 */
export function yoloFolderSource(
  classesFile: string,
  folder: string,
  { onProblem }: OpenDatasetOptions,
): DatasetSource {
  const read = () => readYoloFolder(classesFile, folder, { onProblem });
  return { format: 'yolo', files: [classesFile], splits: ['all'], read };
}

export async function dataSource(path: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const { lists } = await readDataFile(path);
  return {
    format: 'darknet',
    files: [path],
    splits: [...lists.keys()],
    read: (split) => readDarknet(path, split, options),
  };
}

export function cifarSource(folder: string, { onProblem }: OpenDatasetOptions): DatasetSource {
  const read = async (split: string) =>
    labeledImages(await readCifar(folder, split as 'train' | 'test'), folder, onProblem);
  return { format: 'cifar', files: [], splits: ['train', 'test'], read };
}

export function imageFolderSource(
  folder: string,
  splits: readonly string[],
  { onProblem }: OpenDatasetOptions,
): DatasetSource {
  const folders = foldersBySplit(splits);
  const read = async (split: string) =>
    labeledImages(await readImageFolder(join(folder, folders.get(split)!)), folder, onProblem);
  return { format: 'image-folder', files: [], splits: [...folders.keys()], read };
}
