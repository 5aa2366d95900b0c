import type { XyxyPx } from '../../boxes/formats.ts';
import { boxArea } from '../../boxes/iou.ts';
import type { LabeledObject } from './labeled-image.ts';

/** Minimum side of objects, in pixels. Smaller ones are only noise for a detector. */
export const MINIMUM_SIDE = 2;

/** Intersection of two boxes. Its size is zero or negative if they do not overlap. */
export function sharedBox(a: XyxyPx, b: XyxyPx): XyxyPx {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
}

/**
 * Clips objects to a window, in the same coordinates, and drops those with too little visible area. Ignored objects
 * need no minimum area.
 * @param minimumVisibility minimum visible share of an object's area, 0–1
 */
export function visibleObjects(
  objects: readonly LabeledObject[],
  window: XyxyPx,
  minimumVisibility: number,
): readonly LabeledObject[] {
  return objects.flatMap((object) => {
    const { box, isIgnored } = object;
    const clipped = sharedBox(box, window);
    const shortest = Math.min(clipped[2] - clipped[0], clipped[3] - clipped[1]);
    // These comparisons also drop boxes with NaN.
    const isEnough = isIgnored || boxArea(clipped) >= minimumVisibility * boxArea(box);
    return shortest >= MINIMUM_SIDE && isEnough ? [{ ...object, box: clipped }] : [];
  });
}
