import type { AnchorMasks } from '../heads/anchors.ts';
import type { Anchor } from '../layers.ts';

/** What every detector can be built for. */
export interface DetectorOptions {
  /** Number of classes. @default 80 */
  readonly classes?: number;
  /** Side of the square input in pixels, or width and height; multiples of 32. @default 416 */
  readonly size?: number | { readonly width: number; readonly height: number };
  /** In pixels of the input. @default YOLOv3-tiny's six for COCO */
  readonly anchors?: readonly Anchor[];
  /** Anchors of each scale, deep first. @default [3, 4, 5] and [0, 1, 2] */
  readonly masks?: AnchorMasks;
  /** Lets an anchor serve several scales or none. @default false */
  readonly sharedAnchors?: boolean;
}
