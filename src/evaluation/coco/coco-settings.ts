import type { AreaRange } from '../matching.ts';

/** How COCO's figures are computed; the defaults are those of pycocotools. */
export interface CocoEvalOptions {
  /** @default 0.50, 0.55 … 0.95 */
  readonly iouThresholds?: readonly number[] | undefined;
  /** Ascending. @default 0, 0.01 … 1 */
  readonly recallLevels?: readonly number[] | undefined;
  /** Detections an image and category that count, the best ones; ascending. @default 1, 10, 100 */
  readonly maxDetections?: readonly number[] | undefined;
  /** @default all, small, medium and large: borders at 32² and 96² */
  readonly areaRanges?: readonly AreaRange[] | undefined;
  /** False compares boxes whatever their category. @default true */
  readonly useCategories?: boolean | undefined;
}

/** Options with their defaults filled in. */
export type CocoEvalSettings = { readonly [K in keyof CocoEvalOptions]-?: NonNullable<CocoEvalOptions[K]> };

/** As NumPy's `linspace` rounds. */
function linspace(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : i * step + start));
}

/** Defaults of the options, those of pycocotools: IoU 0.50 to 0.95, 101 recall levels, 1, 10 and 100 detections. */
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
