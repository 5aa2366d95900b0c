import type { XyxyPx } from '../boxes/formats.ts';

export type Point = readonly [x: number, y: number];
/** Closed polygons, filled with the even-odd rule. */
export type Outline = readonly (readonly Point[])[];

/** Position and form of a shape, in pixels and radians. */
export interface Pose {
  /** Center of the outline's bounding box. */
  readonly center: Point;
  /** Longer side of the outline's bounding box. */
  readonly side: number;
  readonly rotation: number;
  /** Width divided by height, before rotation. */
  readonly stretch: number;
}

export function outlineBox(outline: Outline): XyxyPx {
  const points = outline.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function mapPoints(outline: Outline, change: (point: Point) => Point): Outline {
  return outline.map((polygon) => polygon.map(change));
}

/** Stretches, rotates, scales and moves an outline, in this order. */
export function placeOutline(outline: Outline, { center, side, rotation, stretch }: Pose): Outline {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const turned = mapPoints(outline, ([x, y]) => {
    const [wide, high] = [x * Math.sqrt(stretch), y / Math.sqrt(stretch)];
    return [wide * cos - high * sin, wide * sin + high * cos];
  });
  const [left, top, right, bottom] = outlineBox(turned);
  const scale = side / Math.max(right - left, bottom - top);
  return mapPoints(turned, ([x, y]) => [
    center[0] + (x - (left + right) / 2) * scale,
    center[1] + (y - (top + bottom) / 2) * scale,
  ]);
}
