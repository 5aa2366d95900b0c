import type { XyxyPx } from '../../boxes/formats.ts';
import type { RgbImage } from '../../image/decode.ts';

/** An object in an image. */
export interface LabeledObject {
  /** In pixels of the image it lies in. */
  readonly box: XyxyPx;
  /** Place of its class, from 0. */
  readonly classId: number;
  /** Holds objects that nobody labeled one by one: what is found inside is neither right nor wrong. @default false */
  readonly isIgnored?: boolean | undefined;
  /** Of its part in the loss, 0–1. @default 1 */
  readonly weight?: number | undefined;
}

/** An image with the boxes of its objects. */
export interface LabeledImage {
  /** Its pixels. */
  readonly image: RgbImage;
  /** In any order. */
  readonly objects: readonly LabeledObject[];
}

/** Objects with other boxes, as they are else. */
export function withBoxes(
  objects: readonly LabeledObject[],
  map: (box: XyxyPx) => XyxyPx,
): readonly LabeledObject[] {
  return objects.map((object) => ({ ...object, box: map(object.box) }));
}
