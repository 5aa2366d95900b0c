import type { Dataset } from '../dataset.ts';
import type { Losses } from './losses.ts';

/** Writes the splits of a data set in one format, one after the other. */
export interface DatasetWriter {
  /** Files and folders at the top of the output, for these splits. */
  entries(splits: readonly string[]): readonly string[];
  /** Folder of a split's images. */
  imageFolder(split: string): string;
  /**
   * Called with each split before anything is written.
   * @throws MicroYoloError `unsupported` for what the format cannot hold
   */
  check(dataset: Dataset, split: string): void;
  /** Writes the annotations of a split. */
  writeSplit(dataset: Dataset, split: string, losses: Losses): Promise<void>;
  /** Writes what describes the whole, last. */
  finish(): Promise<void>;
  /** What to open the data set by. */
  readonly path: string;
}
