import type { XyxyPx } from '../../boxes/formats.ts';
import type { RgbImage } from '../../image/decode.ts';

/** An object in an image. */
export interface LabeledObject {
  /** Left, top, right, bottom in pixels of its image. */
  readonly box: XyxyPx;
  /** Class index, from 0. */
  readonly classId: number;
  /**
   * Whether the box contains objects without separate labels: predictions inside it are neither right nor wrong.
   * @default false
   */
  readonly isIgnored?: boolean | undefined;
  /** Weight of the object in the loss, 0–1. @default 1 */
  readonly weight?: number | undefined;
}

/** An image with the boxes of its objects. */
export interface LabeledImage {
  /** Pixels of the image. */
  readonly image: RgbImage;
  /** Objects, in any order. */
  readonly objects: readonly LabeledObject[];
}

/** Maps the boxes of objects. Other fields do not change. */
export function withBoxes(
  objects: readonly LabeledObject[],
  map: (box: XyxyPx) => XyxyPx,
): readonly LabeledObject[] {
  return objects.map((object) => ({ ...object, box: map(object.box) }));
}
