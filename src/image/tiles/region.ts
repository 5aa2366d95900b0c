import type { Size } from '../../boxes/formats.ts';

/** A part of an image, in whole pixels. */
export interface Region extends Size {
  /** First column. */
  readonly left: number;
  /** First row. */
  readonly top: number;
}
