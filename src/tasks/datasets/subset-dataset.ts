import { type ClassBoxes, countClasses } from '../../datasets/class-counts.ts';
import { type SubsetOptions, subsetDataset } from '../../datasets/edit/subset.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { REWRITING_OPTIONS } from '../../options/dataset/writing.ts';
import { type ConvertDatasetOptions, readSplits } from './convert-dataset.ts';
import { type WriteDatasetEvent, type WrittenDataset, writeDataset } from './write-dataset.ts';

/** Options for writing a part of a data set. */
export interface SubsetDatasetOptions extends Omit<ConvertDatasetOptions, 'from'> {
  /** Part of each split to keep. */
  readonly subset: SubsetOptions;
}

const KINDS: OptionKinds<SubsetDatasetOptions> = {
  ...REWRITING_OPTIONS,
  subset: 'required object',
};

/** Result of writing a part of a data set. */
export interface WrittenSubset extends WrittenDataset {
  /** The remaining classes, with their boxes in each split. */
  readonly classes: readonly ClassBoxes[];
}

/**
 * Writes a part of a data set: some classes and some images of each split.
 * @throws MicroYoloError as `convertDataset`, and for a class that is not in the data set
 */
export async function subsetDatasetFiles(
  options: SubsetDatasetOptions,
  watch: Watch<WriteDatasetEvent> = {},
): Promise<WrittenSubset> {
  const onEvent = watching(watch);
  checkOptions('subsetDatasetFiles options', options, KINDS);
  const { format, datasets } = await readSplits(options, onEvent);
  const parts = new Map(
    [...datasets].map(([split, dataset]) => [split, subsetDataset(dataset, options.subset)]),
  );
  const written = await writeDataset(parts, { source: options.data, format }, options, onEvent);
  return { ...written, classes: countClasses(parts) };
}
