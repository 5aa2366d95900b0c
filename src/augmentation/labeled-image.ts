import type { XyxyPx } from '../boxes/formats.ts';
import type { RgbImage } from '../image/decode.ts';

export interface LabeledObject {
  /** In pixels of the image it lies in. */
  readonly box: XyxyPx;
  readonly classId: number;
}

export interface LabeledImage {
  readonly image: RgbImage;
  readonly objects: readonly LabeledObject[];
}
