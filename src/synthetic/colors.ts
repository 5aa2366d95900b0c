import type { Dice } from './dice.ts';

/** Red, green, blue, each 0–255. */
export type Color = readonly [red: number, green: number, blue: number];

function colorDistance(a: Color, b: Color): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

export function randomColor(random: Dice): Color {
  return [random.integer(0, 255), random.integer(0, 255), random.integer(0, 255)];
}

/** A color of low to medium saturation, like most surfaces. */
export function mutedColor(random: Dice): Color {
  const gray = random.between(0, 255);
  const saturation = random.between(0, 0.7);
  const [red, green, blue] = randomColor(random).map((value) =>
    Math.round(gray + saturation * (value - gray)),
  );
  return [red!, green!, blue!];
}

/** A similar color. Each channel differs by at most `reach`. */
export function nearColor(random: Dice, color: Color, reach: number): Color {
  const [red, green, blue] = color.map((value) =>
    Math.round(Math.min(255, Math.max(0, value + random.between(-reach, reach)))),
  );
  return [red!, green!, blue!];
}

/** A random color at least `distance` from all others, or else the farthest of 30 tries. */
export function contrastingColor(random: Dice, others: readonly Color[], distance: number): Color {
  let best = randomColor(random);
  let farthest = -1;
  for (let attempt = 0; attempt < 30 && farthest < distance; attempt++) {
    const color = randomColor(random);
    const nearest = Math.min(...others.map((other) => colorDistance(color, other)));
    if (nearest > farthest) [best, farthest] = [color, nearest];
  }
  return best;
}
