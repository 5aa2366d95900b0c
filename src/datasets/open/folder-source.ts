import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFolder } from '../../foundation/files/folders.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { imageFolderSplits } from '../formats/classification/image-folder.ts';
import { FORMAT_ROWS } from '../formats/registry.ts';
import { CLASSES_FILE } from '../formats/yolo/classes-file.ts';
import type { DatasetSource, OpenDatasetOptions } from '../source.ts';
import { foreignFile } from './foreign-file.ts';
import { isNamed } from './foreign-json.ts';
import {
  cocoSource,
  dataSource,
  imageFolderSource,
  splitRank,
  vocFoldersSource,
  vocSource,
  yamlSource,
  yoloFolderSource,
} from './format-sources.ts';

const OPEN_FILES = 8;

/** COCO files in a folder: one file per split, COCO's own layout, or one folder per split. */
const COCO_FILES = [
  '{train,val,valid,validation,test}.json',
  '{annotations,Annotations}/{train,val,valid,validation,test}.json',
  '{annotations,Annotations}/instances_*.json',
  '{train,val,valid,validation,test}/_annotations.coco.json',
];

/** LabelImg writes the list of classes next to the labels. */
const LABELIMG_FILES = ['labels', 'Labels'].map((folder) => `${folder}/${CLASSES_FILE}`);

/** Returns the COCO file if there is exactly one among `files`. Unreadable entries, such as folders, are ignored. */
async function loneCoco(files: readonly string[]): Promise<readonly string[]> {
  const areCoco = await mapParallel(files, OPEN_FILES, (file) =>
    readWholeFile(file, 'a COCO file').then(
      (bytes) => bytes.includes('"images"'),
      () => false,
    ),
  );
  const found = files.filter((_, place) => areCoco[place]);
  return found.length === 1 ? found : [];
}

/** Folders of Pascal VOC's files. */
const VOC_FOLDERS = ['Annotations', 'annotations'];

/** Maximum number of files in a folder that are opened to identify them. */
const MAX_FOREIGN = 20;

/** Identifies a file of another program in a folder, and says what to do about it. */
async function foreignInFolder(folder: string): Promise<string | undefined> {
  const patterns = ['', '*/', '*/*/'].map((above) => `${above}*.{json,jsonl,csv,tfrecord,tfrecords,record}`);
  const files = await glob(patterns, { cwd: folder, expandDirectories: false, caseSensitiveMatch: false });
  for (const file of files.sort().slice(0, MAX_FOREIGN)) {
    const foreign = await foreignFile(join(folder, file));
    if (foreign && isNamed(foreign)) return `${file} is ${foreign.what}; ${foreign.remedy}`;
  }
  return undefined;
}

/** Split folders with Pascal VOC files: next to the images (`inside` is `''`), or in a separate folder. */
async function vocSplitFolders(folder: string, inside: string): Promise<readonly string[]> {
  const pattern = `{train,val,valid,validation,test}${inside}/*.xml`;
  const xml = await glob(pattern, { cwd: folder, expandDirectories: false, caseSensitiveMatch: false });
  return [...new Set(xml.map((name) => name.split('/')[0]!))].sort();
}

/**
 * Recognizes the data set in a folder by its files.
 * @throws MicroYoloError `not-found` if there is no data set
 */
export async function folderSource(folder: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const find = async (...patterns: readonly string[]) => {
    const found = await glob([...patterns], { cwd: folder, onlyFiles: false, expandDirectories: false });
    return found.map((name) => name.replace(/\/$/, ''));
  };
  const names = await find('data.yaml', '*.xml', '*.data', '*.txt', ...LABELIMG_FILES, ...COCO_FILES);
  const named = names.filter((name) => name.endsWith('.json')).sort((a, b) => splitRank(a) - splitRank(b));
  const data = names.filter((name) => name.endsWith('.data'));
  // Not by a pattern, because patterns do not match symbolic links to folders.
  const vocFolders = await Promise.all(VOC_FOLDERS.map((name) => isFolder(join(folder, name))));
  const isVoc = vocFolders.includes(true) || names.some((name) => name.endsWith('.xml'));
  if (isVoc && !named.some((name) => /^annotations\//i.test(name))) {
    const inside = await find('{annotations,Annotations}/*.{json,xml}');
    const isJson = inside.length > 0 && inside.every((name) => name.endsWith('.json'));
    if (!isJson) return vocSource(folder, options);
    const coco = await loneCoco(inside.map((name) => join(folder, name)));
    if (coco.length > 0) return cocoSource(coco, options);
  }
  if (names.includes('data.yaml')) return yamlSource(join(folder, 'data.yaml'), options);
  if (data.length === 1) return dataSource(join(folder, data[0]!), options);
  if (named.length > 0) {
    return cocoSource(
      named.map((name) => join(folder, name)),
      options,
    );
  }
  const classes = [CLASSES_FILE, ...LABELIMG_FILES].find((name) => names.includes(name));
  if (classes !== undefined) return yoloFolderSource(join(folder, classes), folder, options);
  for (const { sniff } of FORMAT_ROWS) {
    const found = await sniff?.(folder, names, options);
    if (found) return found;
  }
  const voc = await vocSplitFolders(folder, '/{annotations,annotation,labels,xmls,xml}');
  if (voc.length > 0) return vocFoldersSource(folder, voc, options);
  const splits = await imageFolderSplits(folder);
  if (splits.length > 0) return imageFolderSource(folder, splits, options);
  // After `SPLIT/CLASS/IMAGE`: a stray XML file must not change the format of such a folder.
  const flat = await vocSplitFolders(folder, '');
  if (flat.length > 0) return vocFoldersSource(folder, flat, options);
  if ((await find('{labels,Labels}/*.xml')).length > 0) return vocSource(folder, options);
  const yaml = await find('*.{yaml,yml}');
  if (yaml.length === 1) return yamlSource(join(folder, yaml[0]!), options);
  const coco = await loneCoco((await find('*.json')).map((name) => join(folder, name)));
  if (coco.length > 0) return cocoSource(coco, options);
  const expected =
    'expected train.json, annotations/instances_train2017.json, a COCO file with another name, Annotations/, data.yaml, classes.txt, a .data file, or train/CLASS/IMAGE';
  const foreign = await foreignInFolder(folder);
  const problem = `${folder}: no data set in this folder`;
  throw new MicroYoloError(
    'not-found',
    foreign ? `${problem}: ${foreign}` : `${problem}, ${expected}; check the path`,
  );
}
