import { MicroYoloError } from '../../foundation/errors/errors.ts';
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

/** YOLOv3's anchors for COCO, in pixels of a 416 px input. */
export const COCO_ANCHORS = [
  [10, 13],
  [16, 30],
  [33, 23],
  [30, 61],
  [62, 45],
  [59, 119],
  [116, 90],
  [156, 198],
  [373, 326],
] as const satisfies readonly Anchor[];

/** Tiny YOLOv2's anchors for Pascal VOC, in cells. */
export const VOC_CELL_ANCHORS = [
  [1.08, 1.19],
  [3.42, 4.41],
  [6.63, 11.38],
  [9.42, 5.11],
  [16.62, 10.52],
] as const satisfies readonly Anchor[];

/** Sides of a cell at strides 8, 16 and 32, in pixels. An anchor-free head predicts box sizes in these units. */
export const CELL_SIDES = [
  [8, 8],
  [16, 16],
  [32, 32],
] as const satisfies readonly Anchor[];

/** Indices of the anchors that each scale uses, coarsest scale first. */
export type AnchorMasks = readonly (readonly number[])[];

/** Uses each anchor once, large ones on the coarse scale. */
export const TINY_MASKS: AnchorMasks = [
  [3, 4, 5],
  [0, 1, 2],
];

/** Uses each anchor once, at three scales. */
export const THREE_SCALE_MASKS: AnchorMasks = [
  [6, 7, 8],
  [3, 4, 5],
  [0, 1, 2],
];

/**
 * Returns the anchors of each scale.
 * @param options.shared lets an anchor serve several scales or none, as masks 3,4,5 / 1,2,3 of the published
 *   YOLOv3-tiny weights do
 * @throws MicroYoloError `invalid-argument` if a mask refers to a missing anchor, or if an anchor is not used exactly
 *   once
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
          { field: 'mask', received: index },
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

/** One anchor at each of three scales. */
export const ONE_A_SCALE: AnchorMasks = [[2], [1], [0]];
