import type { Size, XyxyPx } from '../boxes/formats.ts';
import type { Dice } from './dice.ts';
import { type Outline, outlineBox, placeOutline } from './outline.ts';
import { SHAPES, type ShapeName } from './shapes.ts';

/** Sides of objects in pixels of an image of 320. */
export const SIDES = { least: 8, most: 200 } as const;
/** An object's center lies so much of its side inside the image, so that a seventh of it may be outside. */
const INSIDE = 0.36;

/**
 * A shape of random size, rotation and place.
 * @param unit pixels that 1 px of an image of 320 is
 * @param near a box to lie on, so that the two overlap
 */
export function poseShape(
  random: Dice,
  shape: ShapeName,
  size: Size,
  unit: number,
  near: XyxyPx | undefined,
): Outline {
  const outline = placeOutline(SHAPES[shape], {
    center: [0, 0],
    side: 1,
    rotation: random.between(0, 2 * Math.PI),
    stretch: random.logBetween(1 / 1.5, 1.5),
  });
  const [left, top, right, bottom] = outlineBox(outline);
  const shorter = Math.min(right - left, bottom - top);
  // Spread by their square roots: as many below 30 px as above 130, so that most can be told apart.
  const root = random.between(Math.sqrt(SIDES.least), Math.sqrt(SIDES.most));
  const side = unit * Math.max(root ** 2, SIDES.least / shorter);
  const place = (length: number, whole: number, from: number, to: number) => {
    const margin = INSIDE * side * length;
    return Math.min(whole - margin, Math.max(margin, random.between(from, to)));
  };
  const [x1, y1, x2, y2] = near ?? [0, 0, size.width, size.height];
  const [x, y] = [place(right - left, size.width, x1, x2), place(bottom - top, size.height, y1, y2)];
  return outline.map((polygon) => polygon.map(([px, py]) => [px * side + x, py * side + y]));
}
