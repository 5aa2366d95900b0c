import { MicroYoloError } from '../../errors.ts';
import type { Anchor } from '../layers.ts';

/** YOLOv3-tiny's anchors for COCO, in pixels of a 416 px input. */
export const COCO_TINY_ANCHORS = [
  [10, 14],
  [23, 27],
  [37, 58],
  [81, 82],
  [135, 169],
  [344, 319],
] as const satisfies readonly Anchor[];

/** Which anchors each scale uses, deep (coarse) first, as indices into the anchor list. */
export type AnchorMasks = readonly (readonly number[])[];

/** Each anchor once: the large ones on the coarse scale. */
export const TINY_MASKS: AnchorMasks = [
  [3, 4, 5],
  [0, 1, 2],
];

/**
 * The anchors of each scale.
 * @param options.shared lets an anchor serve several scales or none, as masks 3,4,5 / 1,2,3 of the
 *   published YOLOv3-tiny weights do
 * @throws MicroYoloError `invalid-argument` where a mask names no anchor, or an anchor is not used once
 */
export function anchorsByScale(
  anchors: readonly Anchor[],
  masks: AnchorMasks,
  options: { readonly shared?: boolean } = {},
): readonly (readonly Anchor[])[] {
  const used = anchors.map(() => 0);
  const scales = masks.map((mask) =>
    mask.map((index) => {
      const anchor = anchors[index];
      if (!anchor) {
        throw new MicroYoloError(
          'invalid-argument',
          `mask ${index}: there are ${anchors.length} anchors; use 0 to ${anchors.length - 1}`,
        );
      }
      used[index] = used[index]! + 1;
      return anchor;
    }),
  );
  const uneven = used.findIndex((count) => count !== 1);
  if (uneven >= 0 && !options.shared) {
    throw new MicroYoloError(
      'invalid-argument',
      `anchor ${uneven} (${anchors[uneven]?.join('×')}) is used ${used[uneven]} times, expected once; correct the masks or allow shared anchors`,
    );
  }
  return scales;
}
