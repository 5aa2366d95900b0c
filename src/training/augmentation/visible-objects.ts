import type { XyxyPx } from '../../boxes/formats.ts';
import { boxArea } from '../../boxes/iou.ts';
import type { LabeledObject } from './labeled-image.ts';

/** Smaller objects are noise to any detector. In pixels. */
export const MINIMUM_SIDE = 2;

/** What two boxes share; of zero or negative size where that is nothing. */
export function sharedBox(a: XyxyPx, b: XyxyPx): XyxyPx {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
}

/**
 * Objects clipped to a window, in the same coordinates, without those of which too little is left. What is ignored stays
 * so however little is left of it.
 * @param minimumVisibility least part of an object's area, 0–1
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
    // Written so that a box with a NaN is left out too.
    const isEnough = isIgnored || boxArea(clipped) >= minimumVisibility * boxArea(box);
    return shortest >= MINIMUM_SIDE && isEnough ? [{ ...object, box: clipped }] : [];
  });
}
