import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { glob } from 'tinyglobby';
import { MicroYoloError } from '../errors.ts';
import { didYouMean, unreadable } from '../files.ts';
import { isCifar } from './classification/cifar.ts';
import { imageFolderSplits } from './classification/image-folder.ts';
import type { Dataset } from './dataset.ts';
import {
  cifarSource,
  cocoSource,
  dataSource,
  imageFolderSource,
  splitRank,
  vocFoldersSource,
  vocSource,
  yamlSource,
  yoloFolderSource,
} from './format-sources.ts';
import { mapParallel } from './parallel.ts';
import type { DatasetSource, OpenDatasetOptions } from './source.ts';
import { CLASSES_FILE } from './yolo/read-folder.ts';

const OPEN_FILES = 8;

/** COCO files in a folder: one a split beside each other, as COCO itself lies, or a folder for each split. */
const COCO_FILES = [
  '{train,val,test}.json',
  '{annotations,Annotations}/{train,val,test}.json',
  '{annotations,Annotations}/instances_*.json',
  '{train,val,valid,test}/_annotations.coco.json',
];

/** The only COCO file among some of any name; what cannot be read, as a folder of such a name, is none. */
async function loneCoco(files: readonly string[]): Promise<readonly string[]> {
  const areCoco = await mapParallel(files, OPEN_FILES, (file) =>
    readFile(file).then(
      (bytes) => bytes.includes('"images"'),
      () => false,
    ),
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
  if (names.includes(CLASSES_FILE)) return yoloFolderSource(folder, options);
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
    'expected train.json, annotations/instances_train2017.json, a COCO file of another name, Annotations/, data.yaml, classes.txt, a .data file, or train/CLASS/IMAGE';
  throw new MicroYoloError('not-found', `${folder}: no data set in this folder, ${expected}; check the path`);
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
      const near = didYouMean(asked, source.splits);
      const known = source.splits.join(', ');
      throw new MicroYoloError(
        'invalid-argument',
        `split "${asked}": ${path} has ${known}${near ?? `; name one, such as --split ${source.splits[0]}`}`,
      );
    }
    const dataset = await source.read(split);
    return imageFolder === undefined ? dataset : { ...dataset, imageFolder };
  };
  if (source.splits.length > 0) return { ...source, read };
  throw new MicroYoloError('invalid-file', `${path}: names no images, expected train or val; mend the file`);
}

export interface LoadDatasetOptions extends OpenDatasetOptions {
  /** @default 'val', or the only one */
  readonly split?: string | undefined;
}

/**
 * Reads one split of detection data of any format.
 * @throws MicroYoloError where it cannot be used
 */
export async function loadDataset(path: string, options: LoadDatasetOptions = {}): Promise<Dataset> {
  const source = await openDataset(path, options);
  const only = source.splits.length === 1 ? source.splits[0] : undefined;
  return source.read(options.split ?? only ?? 'val');
}
