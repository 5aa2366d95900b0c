import type { Size, XyxyPx } from '../boxes/formats.ts';
import type { Dice } from './dice.ts';
import { type Outline, outlineBox, placeOutline } from './outline.ts';
import { SHAPES, type ShapeName } from './shapes.ts';

/** Range of object sides, in pixels of an image of 320 px. */
export const SIDES = { least: 8, most: 200 } as const;
/** Minimum distance of a center from the edge, as a share of the side: up to a seventh of an object may be outside. */
const INSIDE = 0.36;

/**
 * Places a shape with random size, rotation and position.
 * @param unit pixels per pixel of an image of 320 px
 * @param near a box to overlap with
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
  // Uniform in the square root of the side: as many below 30 px as above 130, so that most shapes are recognizable.
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
