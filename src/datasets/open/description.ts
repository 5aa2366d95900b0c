import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import { unreadable } from '../../foundation/files/read.ts';
import type { Dataset } from '../dataset.ts';
import { FORMAT_ROWS } from '../formats/registry.ts';
import type { DatasetSource, OpenDatasetOptions } from '../source.ts';
import { folderSource } from './folder-source.ts';
import { foreignFile } from './foreign-file.ts';

async function findSource(path: string, options: OpenDatasetOptions): Promise<DatasetSource> {
  const what = 'a data set: .json (COCO), .yaml, .data (Darknet) or a folder';
  const found = await stat(path).catch(async (error: unknown) =>
    Promise.reject(await unreadable(path, what, error)),
  );
  if (found.isDirectory()) return folderSource(path, options);
  const ending = extname(path).toLowerCase();
  const opened = FORMAT_ROWS.find(({ file }) => file?.endings.includes(ending))?.file?.open(path, options);
  if (opened) return opened;
  const foreign = await foreignFile(path);
  const problem = foreign ? `is ${foreign.what}, ` : '';
  const remedy = foreign ? `; ${foreign.remedy}` : '';
  throw new MicroYoloError(
    'invalid-argument',
    `data set ${JSON.stringify(path)}: ${problem}expected ${what}${remedy}`,
  );
}

/**
 * Opens data in any format, recognized by its path: a COCO `.json`, one of our `.yaml` descriptions or one of YOLO's,
 * Darknet's `.data`, or a folder of Pascal VOC, YOLO, Darknet or COCO files. For classification: a folder of CIFAR's
 * binary files, or a folder with the layout `SPLIT/CLASS/IMAGE`.
 * @throws MicroYoloError if no data is recognized
 */
export async function openDataset(path: string, options: OpenDatasetOptions = {}): Promise<DatasetSource> {
  const source = await findSource(path, options);
  const { imageFolder } = options;
  const read = async (asked: string) => {
    // Darknet and Roboflow call it `valid`.
    const split = asked === 'valid' && !source.splits.includes(asked) ? 'val' : asked;
    if (!source.splits.includes(split)) {
      const near = didYouMean(asked, source.splits);
      const known = source.splits.join(', ');
      throw new MicroYoloError(
        'invalid-argument',
        `split "${asked}": ${path} has ${known}${near ?? `; name one, such as ${optionValues({ split: source.splits[0]! })}`}`,
      );
    }
    const dataset = await source.read(split);
    return imageFolder === undefined ? dataset : { ...dataset, imageFolder };
  };
  if (source.splits.length > 0) return { ...source, read };
  throw new MicroYoloError('invalid-file', `${path}: names no images, expected train or val; fix the file`, {
    path,
  });
}

/** Options for loading a data set. */
export interface LoadDatasetOptions extends OpenDatasetOptions {
  /** Split to read. @default 'val', or the only one */
  readonly split?: string | undefined;
}

const KINDS: OptionKinds<LoadDatasetOptions> = {
  imageFolder: 'string',
  imageSizes: 'string',
  vocBoxes: 'string',
  onProblem: 'function',
  split: 'string',
};

/**
 * Reads one split of detection data in any format.
 * @throws MicroYoloError if the data cannot be used
 */
export async function loadDataset(path: string, options: LoadDatasetOptions = {}): Promise<Dataset> {
  checkOptions('loadDataset options', options, KINDS);
  const source = await openDataset(path, options);
  const only = source.splits.length === 1 ? source.splits[0] : undefined;
  return source.read(options.split ?? only ?? 'val');
}
