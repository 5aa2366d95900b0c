import type { Dataset } from './dataset.ts';
import type { VocBoxes } from './formats/voc/boxes.ts';
import type { OnProblem } from './problems.ts';

/**
 * How image sizes are read if the annotations do not state them. `needed`: from the images' files. `stated`: they
 * are 0, for code that only compares boxes.
 */
export type ImageSizes = 'needed' | 'stated';

/** Options for opening a data set. */
export interface OpenDatasetOptions {
  /** Folder of the images. @default that of the data set */
  readonly imageFolder?: string | undefined;
  /** How missing image sizes are read, for COCO and Pascal VOC. @default 'needed' */
  readonly imageSizes?: ImageSizes | undefined;
  /** How a Pascal VOC folder counts pixels. @default 'one-based', or as in the description */
  readonly vocBoxes?: VocBoxes | undefined;
  /** Called for each invalid record, which is then skipped. If omitted, the first one throws. */
  readonly onProblem?: OnProblem | undefined;
}

/** A data set whose splits can be read. */
export interface DatasetSource {
  /** The format that was recognized. */
  readonly format: string;
  /** Names of the splits. Never empty. */
  readonly splits: readonly string[];
  /** Annotation files and descriptions that it is read from, if they are single files. */
  readonly files: readonly string[];
  /** Paths of annotation files that are in no split. @default none */
  unlisted?(): Promise<readonly string[]>;
  /**
   * Reads a split.
   * @throws MicroYoloError if the split's files cannot be used
   */
  read(split: string): Promise<Dataset>;
}
