import type { Dataset } from './dataset.ts';
import type { VocBoxes } from './formats/voc/boxes.ts';
import type { OnProblem } from './problems.ts';

/**
 * Whether sizes of images that the annotations do not state are `needed`, and read from the images' files; or as `stated`,
 * 0 if unknown, for what only compares boxes.
 */
export type ImageSizes = 'needed' | 'stated';

/** Options of opening a data set. */
export interface OpenDatasetOptions {
  /** Folder of the images. @default as the data set says */
  readonly imageFolder?: string | undefined;
  /** Of COCO and Pascal VOC. @default 'needed' */
  readonly imageSizes?: ImageSizes | undefined;
  /** How a Pascal VOC folder counts pixels. @default 'one-based', or what the description says */
  readonly vocBoxes?: VocBoxes | undefined;
  /** Called for each invalid record, which is then skipped. If omitted, the first one throws. */
  readonly onProblem?: OnProblem | undefined;
}

/** A data set whose splits can be read. */
export interface DatasetSource {
  /** The format that was recognized. */
  readonly format: string;
  /** Never empty. */
  readonly splits: readonly string[];
  /** Files of annotations and descriptions that it is read from, as far as they are single files. */
  readonly files: readonly string[];
  /** Files of annotations that are in no split, by path. @default none */
  unlisted?(): Promise<readonly string[]>;
  /** @throws MicroYoloError if the split's files cannot be used */
  read(split: string): Promise<Dataset>;
}
