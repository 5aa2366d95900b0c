import { type ClassBoxes, countClasses } from '../../datasets/class-counts.ts';
import { type SubsetOptions, subsetDataset } from '../../datasets/edit/subset.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { REWRITING_OPTIONS } from '../../options/dataset/writing.ts';
import { type ConvertDatasetOptions, readSplits } from './convert-dataset.ts';
import { type WriteDatasetEvent, type WrittenDataset, writeDataset } from './write-dataset.ts';

/** Options of writing a part of a data set. */
export interface SubsetDatasetOptions extends Omit<ConvertDatasetOptions, 'from'> {
  /** Which part of each split to keep. */
  readonly subset: SubsetOptions;
}

const KINDS: OptionKinds<SubsetDatasetOptions> = {
  ...REWRITING_OPTIONS,
  subset: 'required object',
};

/** What was written. */
export interface WrittenSubset extends WrittenDataset {
  /** The classes that are left, with their boxes in each split. */
  readonly classes: readonly ClassBoxes[];
}

/**
 * Writes a part of a data set: some classes, some images of each split.
 * @throws MicroYoloError as `convertDataset`, and for a class that the data set does not have
 */
export async function subsetDatasetFiles(
  options: SubsetDatasetOptions,
  watch: Watch<WriteDatasetEvent> = {},
): Promise<WrittenSubset> {
  const onEvent = watching(watch);
  checkOptions('subsetDatasetFiles options', options, KINDS);
  const { datasets } = await readSplits(options, onEvent);
  const parts = new Map(
    [...datasets].map(([split, dataset]) => [split, subsetDataset(dataset, options.subset)]),
  );
  const written = await writeDataset(parts, options.data, options, onEvent);
  return { ...written, classes: countClasses(parts) };
}
