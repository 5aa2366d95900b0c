import { clipToImage, type XyxyPx, xywhToXyxy } from '../boxes/formats.ts';
import type { Dataset } from './dataset.ts';

/** Boxes with a shorter side, in pixels, contain nothing to learn or detect. */
const LEAST_SIDE = 0.5;

/** Reasons that a box is unusable for training. */
const REASONS = {
  outside: 'outside their images',
  tiny: 'under half a pixel wide or high',
  crowd: 'of crowds',
} as const;

export type UnusableBox = keyof typeof REASONS;

/** Clips an annotation's box to its image, in pixels. Returns the reason if the box is unusable for training. */
export function usableBox(dataset: Dataset, row: number): XyxyPx | UnusableBox {
  return dataset.annotations.crowd[row] === 1 ? 'crowd' : boxInside(dataset, row);
}

/** Like `usableBox`, but also for crowds. Returns the reason if almost nothing of the box remains. */
export function boxInside({ images, annotations }: Dataset, row: number): XyxyPx | 'outside' | 'tiny' {
  const [left = 0, top = 0, width = 0, height = 0] = annotations.boxes.subarray(4 * row, 4 * row + 4);
  if (!(Math.min(width, height) >= LEAST_SIDE)) return 'tiny';
  const box = xywhToXyxy([left, top, width, height]);
  const image = images[annotations.images[row]!]!;
  // The size of the image is unknown.
  if (image.width === 0) return box;
  const inside = clipToImage(box, image);
  const shortest = Math.min(inside[2] - inside[0], inside[3] - inside[1]);
  if (shortest >= LEAST_SIDE) return inside;
  return shortest > 0 ? 'tiny' : 'outside';
}

export type BoxCounts = Readonly<Record<'all' | 'usable' | UnusableBox, number>>;

/** Counts usable boxes, and unusable ones by reason. */
export function countBoxes(dataset: Dataset): BoxCounts {
  const counts = { all: dataset.annotations.count, usable: 0, outside: 0, tiny: 0, crowd: 0 };
  for (let row = 0; row < counts.all; row++) {
    const box = usableBox(dataset, row);
    counts[typeof box === 'string' ? box : 'usable']++;
  }
  return counts;
}

/** Counts in words: `2 outside their images, 1 under half a pixel wide or high`. Empty if all are 0. */
export function describeBoxes(counts: BoxCounts, reasons: readonly UnusableBox[]): string {
  const found = reasons.filter((reason) => counts[reason] > 0);
  return found.map((reason) => `${counts[reason].toLocaleString('en-US')} ${REASONS[reason]}`).join(', ');
}
