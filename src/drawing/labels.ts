import type { Size, XywhPx } from '../boxes/formats.ts';

/** A label before it has a place. */
export interface Label extends Size {
  /** The box it belongs to. */
  readonly box: XywhPx;
}

type Rectangle = { readonly left: number; readonly top: number } & Size;

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * Places labels at their boxes: above, else inside at the top, below, or inside at the bottom, wherever
 * they cover least of the labels placed before. All stay inside the image, in pixels of which all is.
 * @returns top left corners in the order given
 */
export function placeLabels(labels: readonly Label[], image: Size): readonly { left: number; top: number }[] {
  const placed: Rectangle[] = [];
  for (const { box, width, height } of labels) {
    const [x, y, , boxHeight] = box;
    const left = Math.max(0, Math.min(x, image.width - width));
    const places = [y - height, y, y + boxHeight, y + boxHeight - height]
      .filter((top) => top >= 0 && top + height <= image.height)
      .map((top) => ({ left, top, width, height }));
    const clamped = { left, top: Math.max(0, Math.min(y, image.height - height)), width, height };
    const covered = (place: Rectangle) => placed.reduce((sum, other) => sum + overlap(place, other), 0);
    placed.push(
      places.reduce((best, place) => (covered(place) < covered(best) ? place : best), places[0] ?? clamped),
    );
  }
  return placed.map(({ left, top }) => ({ left, top }));
}
