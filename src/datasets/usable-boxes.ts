import { clipToImage, type XyxyPx, xywhToXyxy } from '../boxes/formats.ts';
import type { Dataset } from './dataset.ts';

/** Pixels under which a box holds nothing that can be learned or found. */
const LEAST_SIDE = 0.5;

/** Why there is nothing to learn from a box. */
const REASONS = {
  outside: 'outside their images',
  tiny: 'under half a pixel wide or high',
  crowd: 'of crowds',
} as const;

export type UnusableBox = keyof typeof REASONS;

/** The part of an annotation's box inside its image, in pixels; or why there is nothing to learn from it. */
export function usableBox(dataset: Dataset, row: number): XyxyPx | UnusableBox {
  return dataset.annotations.crowd[row] === 1 ? 'crowd' : boxInside(dataset, row);
}

/** The part of an annotation's box inside its image, in pixels, of a crowd too; or why there is hardly any. */
export function boxInside({ images, annotations }: Dataset, row: number): XyxyPx | 'outside' | 'tiny' {
  const [left = 0, top = 0, width = 0, height = 0] = annotations.boxes.subarray(4 * row, 4 * row + 4);
  if (!(Math.min(width, height) >= LEAST_SIDE)) return 'tiny';
  const box = xywhToXyxy([left, top, width, height]);
  const image = images[annotations.images[row]!]!;
  // Its size is unknown.
  if (image.width === 0) return box;
  const inside = clipToImage(box, image);
  const shortest = Math.min(inside[2] - inside[0], inside[3] - inside[1]);
  if (shortest >= LEAST_SIDE) return inside;
  return shortest > 0 ? 'tiny' : 'outside';
}

export type BoxCounts = Readonly<Record<'all' | 'usable' | UnusableBox, number>>;

/** How many boxes can be learned from, and how many cannot for which reason. */
export function countBoxes(dataset: Dataset): BoxCounts {
  const counts = { all: dataset.annotations.count, usable: 0, outside: 0, tiny: 0, crowd: 0 };
  for (let row = 0; row < counts.all; row++) {
    const box = usableBox(dataset, row);
    counts[typeof box === 'string' ? box : 'usable']++;
  }
  return counts;
}

/** Counts in words, `2 outside their images, 1 under half a pixel wide or high`; empty if all are 0. */
export function describeBoxes(counts: BoxCounts, reasons: readonly UnusableBox[]): string {
  const found = reasons.filter((reason) => counts[reason] > 0);
  return found.map((reason) => `${counts[reason].toLocaleString('en-US')} ${REASONS[reason]}`).join(', ');
}
