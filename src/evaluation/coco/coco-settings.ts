import type { AreaRange } from '../matching.ts';

/** Options of COCO's evaluation. The defaults are those of pycocotools. */
export interface CocoEvalOptions {
  /** IoU thresholds. @default 0.50, 0.55 … 0.95 */
  readonly iouThresholds?: readonly number[] | undefined;
  /** Recall levels, ascending. @default 0, 0.01 … 1 */
  readonly recallLevels?: readonly number[] | undefined;
  /** Maximum numbers of detections per image and category, ascending. The best ones count. @default 1, 10, 100 */
  readonly maxDetections?: readonly number[] | undefined;
  /** Ranges of object areas. @default all, small, medium and large, with borders at 32² and 96² */
  readonly areaRanges?: readonly AreaRange[] | undefined;
  /** Whether boxes are only compared within a category. @default true */
  readonly useCategories?: boolean | undefined;
}

/** The options with defaults filled in. */
export type CocoEvalSettings = { readonly [K in keyof CocoEvalOptions]-?: NonNullable<CocoEvalOptions[K]> };

/** Rounds like NumPy's `linspace`. */
function linspace(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : i * step + start));
}

/** Default options, those of pycocotools: IoU 0.50 to 0.95, 101 recall levels, and 1, 10 and 100 detections. */
export const COCO_DEFAULTS = {
  iouThresholds: linspace(0.5, 0.95, 10),
  recallLevels: linspace(0, 1, 101),
  maxDetections: [1, 10, 100],
  areaRanges: [
    { name: 'all', least: 0, most: 1e5 ** 2 },
    { name: 'small', least: 0, most: 32 ** 2 },
    { name: 'medium', least: 32 ** 2, most: 96 ** 2 },
    { name: 'large', least: 96 ** 2, most: 1e5 ** 2 },
  ],
  useCategories: true,
} as const satisfies CocoEvalOptions;
