import type { Dataset } from '../../datasets/dataset.ts';
import type { DatasetFormat } from '../../datasets/formats/registry.ts';
import { openDataset } from '../../datasets/open/description.ts';
import { type DatasetProblem, isKept } from '../../datasets/problems.ts';
import type { DatasetSource } from '../../datasets/source.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { CONVERT_OPTIONS } from '../../options/dataset/writing.ts';
import { separateSplits } from './open-splits.ts';
import { refuseAmbiguousClasses } from './refuse-ambiguous-classes.ts';
import { requireBoxes } from './require-boxes.ts';
import {
  type WriteDatasetEvent,
  type WriteDatasetOptions,
  type WrittenDataset,
  writeDataset,
} from './write-dataset.ts';

/** Options for converting a data set. */
export interface ConvertDatasetOptions extends WriteDatasetOptions {
  /** File or folder of the data set. */
  readonly data: string;
  /** Expected format of the data. @default any */
  readonly from?: DatasetFormat | undefined;
  /** Only this split. @default all */
  readonly split?: string | undefined;
  /** Folder of the images. @default that of the data set */
  readonly imageFolder?: string | undefined;
}

export interface ReadSplits {
  readonly format: DatasetSource['format'];
  readonly datasets: ReadonlyMap<string, Dataset>;
}

/** Reads the selected splits. Invalid records are reported and skipped. */
export async function readSplits(
  options: Pick<ConvertDatasetOptions, 'data' | 'from' | 'split' | 'imageFolder' | 'vocBoxes'>,
  onEvent: (event: WriteDatasetEvent) => void,
): Promise<ReadSplits> {
  const { data, from, split, imageFolder, vocBoxes } = options;
  const problems: DatasetProblem[] = [];
  const source = await openDataset(data, {
    imageFolder,
    vocBoxes,
    onProblem: (problem) => {
      problems.push(problem);
      onEvent({ type: 'problem', problem, kept: isKept(problem.kind) });
    },
  });
  if (from !== undefined && source.format !== from) {
    const remedy = `pass ${source.format} instead of ${from}, or check the path`;
    throw new MicroYoloError('invalid-argument', `${data}: is a data set in ${source.format}; ${remedy}`);
  }
  const datasets = new Map<string, Dataset>();
  for (const name of split === undefined ? separateSplits(source) : [split]) {
    const dataset = await source.read(name);
    requireBoxes(dataset);
    refuseAmbiguousClasses(problems);
    datasets.set(name, dataset);
  }
  return { format: source.format, datasets };
}

/**
 * Converts detection data from one format to another. The result's `losses` count what the new format cannot hold.
 * @throws MicroYoloError if the data cannot be read at all, or the output folder is not empty
 */
export async function convertDataset(
  options: ConvertDatasetOptions,
  watch: Watch<WriteDatasetEvent> = {},
): Promise<WrittenDataset> {
  const onEvent = watching(watch);
  checkOptions('convertDataset options', options, CONVERT_OPTIONS);
  const { format, datasets } = await readSplits(options, onEvent);
  return writeDataset(datasets, { source: options.data, format }, options, onEvent);
}
