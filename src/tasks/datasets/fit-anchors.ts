import { type AnchorFit, anchorFit, type BoxSize, letterboxedSizes } from '../../anchors/anchor-fit.ts';
import { clusterAnchors } from '../../anchors/find-anchors.ts';
import { type Size, squareSize } from '../../boxes/formats.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { COCO_TINY_ANCHORS } from '../../network/heads/anchors.ts';
import { ANCHORS_OPTIONS } from '../../options/dataset/anchors.ts';
import { openSplits } from './open-splits.ts';
import { requireBoxes } from './require-boxes.ts';

/** Options for fitting anchors. */
export interface FitAnchorsOptions {
  /** Data sets in any format. */
  readonly data: readonly string[];
  /** Only this split. @default all */
  readonly split?: string | undefined;
  /** Number of anchors. @default 6 */
  readonly count?: number | undefined;
  /**
   * Size of the network's input in pixels, to which images are letterboxed: a side or width and height.
   * @default 416
   */
  readonly size?: number | Size | undefined;
  /** Seed. The same seed gives the same anchors. @default 1 */
  readonly seed?: number | undefined;
}

/** Anchors, and how well they fit. */
export interface FittedAnchors extends AnchorFit {
  /** The anchors, in pixels of the input. */
  readonly anchors: readonly BoxSize[];
}

/** Anchors that fit a data set. */
export interface AnchorReport {
  /** Number of boxes that the anchors were fitted to. */
  readonly boxes: number;
  /** Size of the input, in pixels. */
  readonly input: Size;
  /** YOLOv3-tiny's anchors, scaled to the input. */
  readonly current: FittedAnchors;
  /** The new anchors, and how well they fit. */
  readonly found: FittedAnchors;
}

/** Input side that YOLOv3-tiny's anchors were made for, in pixels. */
const DESIGN_SIDE = 416;

/**
 * Finds anchors for data sets, and compares their fit with that of YOLOv3-tiny's. Changes no files.
 * @throws MicroYoloError if the data cannot be read, or has no or too few boxes
 */
export async function fitAnchors(options: FitAnchorsOptions): Promise<AnchorReport> {
  checkOptions('fitAnchors options', options, ANCHORS_OPTIONS);
  const { data, split, size = ANCHORS_OPTIONS.size.default } = options;
  const { count = ANCHORS_OPTIONS.count.default, seed = ANCHORS_OPTIONS.seed.default } = options;
  const input = squareSize(size);
  for (const side of [input.width, input.height]) checkRange('size', side, 1, 1e5, true);
  // Invalid records are skipped silently, because `checkDataset` reports them.
  const splits = await openSplits(data, { split, onProblem: () => {} });
  for (const { dataset } of splits) requireBoxes(dataset);
  const sizes = splits.flatMap(({ dataset }) => letterboxedSizes(dataset, input));
  const scale = Math.min(input.width, input.height) / DESIGN_SIDE;
  const current = COCO_TINY_ANCHORS.map(
    ([width, height]): BoxSize => [Math.round(width * scale), Math.round(height * scale)],
  );
  const found = clusterAnchors(sizes, count, seed);
  return {
    boxes: sizes.length,
    input,
    current: { anchors: current, ...anchorFit(sizes, current) },
    found: { anchors: found, ...anchorFit(sizes, found) },
  };
}
