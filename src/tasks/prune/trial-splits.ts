import type { Dataset } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/open/description.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { datasetDigest } from '../train/run-folder.ts';

/** The splits for trials: one to train on, and one to choose by. */
export interface TrialSplits {
  readonly train: Dataset;
  readonly evaluation: Dataset;
  /** Digests of the splits, by their names in the journal's head. */
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * Reads the splits of a data set that trials need.
 * @throws MicroYoloError `invalid-argument` if one is missing
 */
export async function readTrialSplits(data: string, split: string): Promise<TrialSplits> {
  const source = await openDataset(data);
  const missing = ['train', split].find((name) => !source.splits.includes(name));
  if (missing !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `${data}: has no split ${missing}, only ${source.splits.join(', ')}; divide it with "micro-yolo dataset split"`,
    );
  }
  const [train, evaluation] = [await source.read('train'), await source.read(split)];
  const digests = { 'split train': datasetDigest(train), [`split ${split}`]: datasetDigest(evaluation) };
  return { train, evaluation, digests };
}
