import type { Size, XywhPx } from '../boxes/formats.ts';

/** A label to place. */
export interface Label extends Size {
  /** The labeled box. */
  readonly box: XywhPx;
}

type Rectangle = { readonly left: number; readonly top: number } & Size;

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

/** Possible tops of a label, best first: above its box, inside at the top, below, inside at the bottom. */
function tops({ box: [, y, , boxHeight], height }: Label, image: Size): readonly number[] {
  const fits = (top: number) => top >= 0 && top + height <= image.height;
  const insideTop = Math.max(0, Math.min(y, image.height - height));
  const [above, below, insideBottom] = [y - height, y + boxHeight, y + boxHeight - height];
  return [...[above].filter(fits), insideTop, ...[below, insideBottom].filter(fits)];
}

/** Possible left sides of a label: aligned with the left or the right side of its box. */
function lefts({ box: [x, , boxWidth], width }: Label, image: Size): readonly number[] {
  return [x, x + boxWidth - width].map((left) => Math.max(0, Math.min(left, image.width - width)));
}

/**
 * Places each label at its box where it covers the least of the labels placed before. All labels stay inside the image.
 * All lengths are in image pixels.
 * @returns top left corners, in the order of the labels
 */
export function placeLabels(labels: readonly Label[], image: Size): readonly { left: number; top: number }[] {
  const placed: Rectangle[] = [];
  for (const label of labels) {
    const { width, height } = label;
    const places = lefts(label, image).flatMap((left) =>
      tops(label, image).map((top): Rectangle => ({ left, top, width, height })),
    );
    const covered = places.map((place) => placed.reduce((sum, other) => sum + overlap(place, other), 0));
    placed.push(places[covered.indexOf(Math.min(...covered))]!);
  }
  return placed.map(({ left, top }) => ({ left, top }));
}
