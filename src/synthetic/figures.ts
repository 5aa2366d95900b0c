import type { XyxyPx } from '../boxes/formats.ts';
import { type Color, contrastingColor, nearColor } from './colors.ts';
import type { Dice } from './dice.ts';
import { type Outline, outlineBox } from './outline.ts';

/** A filled outline. */
export interface Figure {
  readonly kind: 'figure';
  readonly outline: Outline;
  readonly box: XyxyPx;
  readonly fill: 'plain' | 'gradient' | 'stripes';
  /** Plain fills use only the first color. */
  readonly colors: readonly [Color, Color];
  /** Border along the inside of the outline. The width is in pixels. */
  readonly rim?: { readonly width: number; readonly color: Color };
}

/** Chooses a fill for an outline, with low to high contrast to the colors behind it. */
export function planFigure(random: Dice, outline: Outline, behind: readonly Color[]): Figure {
  const box = outlineBox(outline);
  const side = Math.min(box[2] - box[0], box[3] - box[1]);
  const color = contrastingColor(random, behind, random.pick([70, 110, 160]));
  const hasRim = side > 20 && random.chance(0.25);
  return {
    kind: 'figure',
    outline,
    box,
    fill: side < 16 ? 'plain' : random.pick(['plain', 'gradient', 'stripes']),
    colors: [color, nearColor(random, color, 45)],
    ...(hasRim
      ? { rim: { width: side * random.between(0.03, 0.08), color: contrastingColor(random, behind, 70) } }
      : {}),
  };
}
