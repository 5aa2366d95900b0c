import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { MicroYoloError } from '../errors.ts';
import { didYouMean, unreadable } from '../files.ts';
import { isCifar, readCifar } from './classification/cifar.ts';
import { labeledImages } from './classification/dataset.ts';
import { imageFolderSplits, readImageFolder } from './classification/image-folder.ts';
import { readCoco } from './coco/read.ts';
import { readDataFile } from './darknet/data-file.ts';
import { readDarknet } from './darknet/read.ts';
import type { Dataset } from './dataset.ts';
import { isDescription, readDescription } from './description-file.ts';
import { mapParallel } from './parallel.ts';
import { annotationFiles, readDescribed } from './read-described.ts';
import type { DatasetSource, OpenDatasetOptions } from './source.ts';
import { vocSplits } from './voc/folders.ts';
import { readVoc, vocClasses } from './voc/read.ts';
import { readYaml } from './yaml.ts';
import { readDataYaml } from './yolo/data-yaml.ts';
import { readYolo } from './yolo/read.ts';

const OPEN_FILES = 8;
const USUAL_SPLITS = ['train', 'val', 'test'];

/** COCO files in a folder: one a split beside each other, as COCO itself lies, or a folder for each split. */
const COCO_FILES = [
  '{train,val,test}.json',
  '{annotations,Annotations}/{train,val,test}.json',
  '{annotations,Annotations}/instances_*.json',
  '{train,val,valid,test}/_annotations.coco.json',
];

/** The split that a file's name speaks of, or its folder's where all files have one name; else the name. */
function splitOf(file: string): string {
  const own = basename(file, extname(file));
  const name = own === '_annotations.coco' ? basename(dirname(file)) : own;
  // `trainval` is neither of the two.
  return /(?<![a-z])(train|val|test)(id|idation|ing)?(?![a-z])/i.exec(name)?.[1]?.toLowerCase() ?? name;
}

/** Usual splits first. */
function splitRank(file: string): number {
  const place = USUAL_SPLITS.indexOf(splitOf(file));
  return place < 0 ? USUAL_SPLITS.length : place;
}

/** Folders by their splits: `valid` is `val`, where there is none of that name. */
function foldersBySplit(folders: readonly string[]): ReadonlyMap<string, string> {
  const splitOfFolder = (name: string) => (name === 'valid' && !folders.includes('val') ? 'val' : name);
  return new Map(folders.map((name) => [splitOfFolder(name), name]));
}

/** A COCO file is a split of its own; a folder of them has several. */
function cocoSource(files: readonly string[], options: OpenDatasetOptions): DatasetSource {
  const bySplit = new Map<string, string>();
  for (const file of files) {
    const split = splitOf(file);
    const other = bySplit.get(split);
    if (other !== undefined) {
      throw new MicroYoloError(
        'invalid-file',
        `${other} and ${file}: both are split ${split}, expected one; name the file itself, or move one away`,
      );
    }
    bySplit.set(split, file);
  }
  return {
    format: 'coco',
    files,
    splits: [...bySplit.keys()],
    read: (split) => readCoco(bySplit.get(split)!, options),
  };
}

async function vocSource(folder: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const { vocBoxes: boxes, onProblem } = options;
  const splits = await vocSplits(folder);
  const read = (split?: string) => readVoc(folder, { split, boxes, onProblem });
  if (splits.length === 0) return { format: 'voc', files: [], splits: ['all'], read: () => read() };
  return { format: 'voc', files: [], splits, read };
}

/** A folder of XML files and images for each split, as Roboflow lays them out. */
function vocFoldersSource(
  folder: string,
  names: readonly string[],
  options: OpenDatasetOptions,
): DatasetSource {
  const { vocBoxes: boxes, onProblem } = options;
  const folders = foldersBySplit(names);
  let classes: Promise<readonly string[]> | undefined;
  const read = async (split: string) => {
    // Those of all splits, so that a class has the same id in each.
    classes ??= vocClasses(names.map((name) => join(folder, name)));
    return readVoc(join(folder, folders.get(split)!), { classes: await classes, boxes, onProblem });
  };
  return { format: 'voc', files: [], splits: [...folders.keys()], read };
}

async function yamlSource(path: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  if (isDescription(await readYaml(path, 'a description of a data set'))) {
    const description = await readDescription(path);
    return {
      format: description.format,
      files: [path, ...annotationFiles(description)],
      splits: Object.keys(description.splits),
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

/** The only COCO file among some of any name. */
async function loneCoco(files: readonly string[]): Promise<readonly string[]> {
  const areCoco = await mapParallel(files, OPEN_FILES, async (file) =>
    (await readFile(file)).includes('"images"'),
  );
  const found = files.filter((_, place) => areCoco[place]);
  return found.length === 1 ? found : [];
}

async function folderSource(folder: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const find = async (...patterns: readonly string[]) => {
    const found = await glob([...patterns], { cwd: folder, onlyFiles: false, expandDirectories: false });
    return found.map((name) => name.replace(/\/$/, ''));
  };
  const names = await find(
    'data.yaml',
    'Annotations',
    'annotations',
    '*.xml',
    '*.data',
    '*.txt',
    ...COCO_FILES,
  );
  const named = names.filter((name) => name.endsWith('.json')).sort((a, b) => splitRank(a) - splitRank(b));
  const data = names.filter((name) => name.endsWith('.data'));
  const isVoc = names.some((name) => name.endsWith('.xml') || /^annotations$/i.test(name));
  if (isVoc && !named.some((name) => /^annotations\//i.test(name))) {
    const inside = await find('{annotations,Annotations}/*.{json,xml}');
    const isJson = inside.length > 0 && inside.every((name) => name.endsWith('.json'));
    const coco = isJson ? await loneCoco(inside.map((name) => join(folder, name))) : [];
    return coco.length > 0 ? cocoSource(coco, options) : vocSource(folder, options);
  }
  if (names.includes('data.yaml')) return yamlSource(join(folder, 'data.yaml'), options);
  if (data.length === 1) return dataSource(join(folder, data[0]!), options);
  if (named.length > 0) {
    return cocoSource(
      named.map((name) => join(folder, name)),
      options,
    );
  }
  if (isCifar(names)) return cifarSource(folder, options);
  const splits = await imageFolderSplits(folder);
  if (splits.length > 0) return imageFolderSource(folder, splits, options);
  const xml = await find('{train,val,valid,test}/*.xml');
  if (xml.length > 0)
    return vocFoldersSource(folder, [...new Set(xml.map((name) => dirname(name)))].sort(), options);
  const yaml = await find('*.{yaml,yml}');
  if (yaml.length === 1) return yamlSource(join(folder, yaml[0]!), options);
  const coco = await loneCoco((await find('*.json')).map((name) => join(folder, name)));
  if (coco.length > 0) return cocoSource(coco, options);
  const expected =
    'expected train.json, annotations/instances_train2017.json, a COCO file of another name, Annotations/, data.yaml, a .data file, or train/CLASS/IMAGE';
  throw new MicroYoloError('not-found', `${folder}: no data set in this folder, ${expected}; check the path`);
}

async function dataSource(path: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const { lists } = await readDataFile(path);
  return {
    format: 'darknet',
    files: [path],
    splits: [...lists.keys()],
    read: (split) => readDarknet(path, split, options),
  };
}

function cifarSource(folder: string, { onProblem }: OpenDatasetOptions): DatasetSource {
  const read = async (split: string) =>
    labeledImages(await readCifar(folder, split as 'train' | 'test'), folder, onProblem);
  return { format: 'cifar', files: [], splits: ['train', 'test'], read };
}

function imageFolderSource(
  folder: string,
  splits: readonly string[],
  { onProblem }: OpenDatasetOptions,
): DatasetSource {
  const folders = foldersBySplit(splits);
  const read = async (split: string) =>
    labeledImages(await readImageFolder(join(folder, folders.get(split)!)), folder, onProblem);
  return { format: 'image-folder', files: [], splits: [...folders.keys()], read };
}

async function findSource(path: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const what = 'a data set: .json (COCO), .yaml, .data (Darknet) or a folder';
  const found = await stat(path).catch(async (error: unknown) =>
    Promise.reject(await unreadable(path, what, error)),
  );
  if (found.isDirectory()) return folderSource(path, options);
  switch (extname(path).toLowerCase()) {
    case '.json':
      return cocoSource([path], options);
    case '.yaml':
    case '.yml':
      return yamlSource(path, options);
    case '.data':
      return dataSource(path, options);
    default:
      throw new MicroYoloError('invalid-argument', `data set ${JSON.stringify(path)}: expected ${what}`);
  }
}

/**
 * Opens data of any format, told by its path: a COCO `.json`, a `.yaml` of ours or YOLO's, Darknet's `.data`, or
 * a folder of Pascal VOC, YOLO, Darknet or COCO files; for classification, a folder of CIFAR's binary files or of
 * `SPLIT/CLASS/IMAGE`.
 * @throws MicroYoloError where there is none
 */
export async function openDataset(path: string, options: OpenDatasetOptions = {}): Promise<DatasetSource> {
  const source = await findSource(path, options);
  const { imageFolder } = options;
  const read = async (asked: string) => {
    // Darknet's and Roboflow's name of it.
    const split = asked === 'valid' && !source.splits.includes(asked) ? 'val' : asked;
    if (!source.splits.includes(split)) {
      const near = didYouMean(asked, source.splits) ?? '';
      const known = source.splits.join(', ');
      throw new MicroYoloError('invalid-argument', `split "${asked}": ${path} has ${known}${near}`);
    }
    const dataset = await source.read(split);
    return imageFolder === undefined ? dataset : { ...dataset, imageFolder };
  };
  if (source.splits.length > 0) return { ...source, read };
  throw new MicroYoloError('invalid-file', `${path}: names no images, expected train or val; mend the file`);
}

export interface LoadDatasetOptions extends OpenDatasetOptions {
  /** @default 'val', or the only one. A COCO file is one split, whatever is asked for. */
  readonly split?: string | undefined;
}

/**
 * Reads one split of detection data of any format.
 * @throws MicroYoloError where it cannot be used
 */
export async function loadDataset(path: string, options: LoadDatasetOptions = {}): Promise<Dataset> {
  const source = await openDataset(path, options);
  const [only] = source.splits;
  const fixed = extname(path).toLowerCase() === '.json' || options.split === undefined;
  return source.read(source.splits.length === 1 && fixed ? only! : (options.split ?? 'val'));
}
