import type { Size } from '../boxes/formats.ts';
import type { Color } from './colors.ts';
import { randomColor } from './colors.ts';
import type { Dice } from './dice.ts';
import { type Outline, type Point, placeOutline } from './outline.ts';

/** Lines with round ends. */
export interface Strokes {
  readonly kind: 'strokes';
  readonly lines: readonly (readonly Point[])[];
  /** Line width, in pixels. */
  readonly width: number;
  readonly color: Color;
}

const somewhere = (random: Dice, size: Size): Point => [
  random.between(0, size.width),
  random.between(0, size.height),
];

/** Lines across the image. */
function lines(random: Dice, size: Size, unit: number): Strokes {
  const count = random.integer(1, 4);
  return {
    kind: 'strokes',
    lines: Array.from({ length: count }, () => [somewhere(random, size), somewhere(random, size)]),
    width: random.between(1, 5) * unit,
    color: randomColor(random),
  };
}

/** A row of zigzags, like a word in an unknown script. Open lines resemble none of the classes. */
function scribble(random: Dice, size: Size, unit: number): Strokes {
  const height = random.logBetween(6, 40) * unit;
  const [left, top] = somewhere(random, size);
  const letters = random.integer(2, 9);
  return {
    kind: 'strokes',
    lines: Array.from({ length: letters }, (_, letter) =>
      Array.from({ length: random.integer(2, 4) }, (): Point => {
        const x = left + height * (0.8 * letter + random.between(0, 0.6));
        return [x, top + height * random.between(0, 1)];
      }),
    ),
    width: Math.max(1, height * random.between(0.06, 0.14)),
    color: randomColor(random),
  };
}

export function planStrokes(random: Dice, size: Size, unit: number): Strokes {
  return random.chance(0.5) ? lines(random, size, unit) : scribble(random, size, unit);
}

/** An outline with three to six irregular bulges. */
function blob(random: Dice): Outline {
  const waves = [2, 3, 5].map((frequency) => ({
    frequency,
    height: random.between(0.12, 0.26),
    phase: random.between(0, 2 * Math.PI),
  }));
  const corners = 72;
  const polygon = Array.from({ length: corners }, (_, corner): Point => {
    const angle = (2 * Math.PI * corner) / corners;
    const bulge = waves.reduce(
      (sum, { frequency, height, phase }) => sum + height * Math.sin(frequency * angle + phase),
      1,
    );
    return [bulge * Math.cos(angle), bulge * Math.sin(angle)];
  });
  return [polygon];
}

/** A bar, far longer than any stretched square. */
const BAR: Outline = [
  [
    [-1, -0.07],
    [1, -0.07],
    [1, 0.07],
    [-1, 0.07],
  ],
];

/** Outline of a distractor that belongs to no class: a blob or a bar. */
export function clutterOutline(random: Dice, size: Size, unit: number): Outline {
  const isBar = random.chance(0.5);
  return placeOutline(isBar ? BAR : blob(random), {
    center: somewhere(random, size),
    side: unit * (isBar ? random.logBetween(40, 320) : random.logBetween(12, 130)),
    rotation: random.between(0, 2 * Math.PI),
    stretch: 1,
  });
}
