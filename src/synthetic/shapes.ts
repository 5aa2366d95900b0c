import type { Outline, Point } from './outline.ts';

function arc(center: Point, radius: number, from: number, to: number, steps: number): readonly Point[] {
  return Array.from({ length: steps + 1 }, (_, step): Point => {
    const angle = from + ((to - from) * step) / steps;
    return [center[0] + radius * Math.cos(angle), center[1] + radius * Math.sin(angle)];
  });
}

/** With 120 corners, a circle of 200 px is accurate to 1/20 pixel. */
function circle(radius: number): readonly Point[] {
  return arc([0, 0], radius, 0, 2 * Math.PI, 120).slice(1);
}

function star(): readonly Point[] {
  return Array.from({ length: 10 }, (_, corner): Point => {
    const radius = corner % 2 === 0 ? 1 : 0.42;
    const angle = (corner * Math.PI) / 5;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

function cross(): readonly Point[] {
  const arm = 0.32;
  const quarter: readonly Point[] = [
    [arm, -1],
    [arm, -arm],
    [1, -arm],
  ];
  const turn = ([x, y]: Point): Point => [-y, x];
  const quarters = [quarter];
  for (let i = 1; i < 4; i++) quarters.push(quarters[i - 1]!.map(turn));
  return quarters.flat();
}

/** A disk minus a smaller, offset disk. */
function crescent(): readonly Point[] {
  const [radius, distance] = [0.8, 0.45];
  const x = (distance ** 2 + 1 - radius ** 2) / (2 * distance);
  const tip = Math.acos(x);
  const inner = Math.atan2(Math.sin(tip), x - distance);
  return [
    ...arc([0, 0], 1, tip, 2 * Math.PI - tip, 80),
    ...arc([distance, 0], radius, 2 * Math.PI - inner, inner, 80),
  ];
}

/** Classes, defined by their outlines, regardless of size, color and rotation. */
export const SHAPES = {
  circle: [circle(1)],
  square: [
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ],
  ],
  triangle: [
    [
      [0, -1],
      [Math.sqrt(3) / 2, 0.5],
      [-Math.sqrt(3) / 2, 0.5],
    ],
  ],
  star: [star()],
  cross: [cross()],
  ring: [circle(1), circle(0.55)],
  crescent: [crescent()],
  arrow: [
    [
      [-1, -0.25],
      [0.1, -0.25],
      [0.1, -0.7],
      [1, 0],
      [0.1, 0.7],
      [0.1, 0.25],
      [-1, 0.25],
    ],
  ],
} as const satisfies Record<string, Outline>;

export type ShapeName = keyof typeof SHAPES;
export const SHAPE_NAMES = Object.keys(SHAPES) as readonly ShapeName[];
