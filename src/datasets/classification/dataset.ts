import type { RawImage } from '../../image/sources.ts';

/** Images of one class each. */
export interface ClassificationDataset {
  readonly classes: readonly string[];
  /** Place of each image's class in `classes`. */
  readonly labels: Int32Array;
  /** Where an image comes from, for messages. */
  nameOf(index: number): string;
  /** Decodes an image: RGB, upright. */
  load(index: number): Promise<RawImage>;
}
