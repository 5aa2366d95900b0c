import type { Dataset } from '../dataset.ts';
import type { Losses } from './losses.ts';

/** Writes the splits of a data set in one format, one by one. */
export interface DatasetWriter {
  /** Whether the format marks crowds. Otherwise they are left out: read back, they would be single objects. */
  readonly marksCrowds: boolean;
  /** Top-level files and folders of the output, for these splits. */
  entries(splits: readonly string[]): readonly string[];
  /** Folder of a split's images. */
  imageFolder(split: string): string;
  /**
   * Called for each split before anything is written.
   * @throws MicroYoloError `unsupported` if the format cannot represent the split
   */
  check(dataset: Dataset, split: string): void;
  /** Writes the annotations of a split. */
  writeSplit(dataset: Dataset, split: string, losses: Losses): Promise<void>;
  /** Writes the files that describe the whole data set. Called last. */
  finish(): Promise<void>;
  /** Path that opens the data set. */
  readonly path: string;
}
