import { COCO_CLASSES } from '../../../detection/decoders/coco-classes.ts';

/** Category ids up to 90 that COCO does not use. */
const UNUSED = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);

/** Category ids of a model's classes: COCO's ids for COCO's classes, otherwise 1, 2, 3 … */
export function categoryIds(classes: readonly string[]): readonly number[] {
  const isCoco =
    classes.length === COCO_CLASSES.length && classes.every((name, id) => name === COCO_CLASSES[id]);
  const ids = Array.from({ length: 90 }, (_, index) => index + 1);
  return isCoco ? ids.filter((id) => !UNUSED.has(id)) : classes.map((_, index) => index + 1);
}
