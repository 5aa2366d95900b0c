import type { Size, XyxyPx } from '../boxes/formats.ts';
import { type Background, planBackground } from './background.ts';
import { clutterOutline, planStrokes, type Strokes } from './clutter.ts';
import { type Color, mutedColor, nearColor } from './colors.ts';
import { Coverage } from './coverage.ts';
import { type Dice, dice } from './dice.ts';
import { type Figure, planFigure } from './figures.ts';
import type { Outline } from './outline.ts';
import { poseShape } from './poses.ts';
import { SHAPE_NAMES, type ShapeName } from './shapes.ts';

/** An object to detect. */
export interface SceneObject {
  readonly shape: ShapeName;
  /** Bounding box of the visible part, in pixels. */
  readonly box: XyxyPx;
  /** Visible area, in square pixels. */
  readonly area: number;
  /** Visible share, 0–1. The rest is covered or outside the image. */
  readonly visibility: number;
}

/** Plan of an image. */
export interface Scene {
  readonly size: Size;
  readonly background: Background;
  /** From back to front. */
  readonly items: readonly (Figure | Strokes)[];
  readonly objects: readonly SceneObject[];
  /** Blur: weight of each of the two neighbors along an axis, 0–0.25. */
  readonly blur: number;
  /** Maximum change of a pixel's level by noise. */
  readonly noise: number;
  readonly noiseSeed: number;
}

/** Minimum visible share of an object. Small objects need more to be recognizable. */
const LEAST_VISIBLE = { small: 0.7, large: 0.3, smallSide: 24 } as const;
const MOST_OBJECTS = 8;
/** Attempts to place an object without covering too much of others. In a full image, all may fail. */
const ATTEMPTS = 20;

/** Stack of figures, from back to front. */
class Composition {
  readonly figures: Figure[] = [];
  readonly #coverage: Coverage;
  readonly #unit: number;
  readonly #backdrop: readonly Color[];
  /** Shape of each object, by figure number. */
  readonly #shapes = new Map<number, ShapeName>();

  constructor(size: Size, unit: number, backdrop: readonly Color[]) {
    this.#coverage = new Coverage(size);
    this.#unit = unit;
    this.#backdrop = backdrop;
  }

  /** Adds an outline on top, unless it would cover too much of an object. */
  tryToAdd(random: Dice, outline: Outline, shape?: ShapeName): boolean {
    const hidden = this.#coverage.hiddenBy(outline);
    if (![...hidden].every(([number, pixels]) => this.#mayLose(number, pixels))) return false;
    const behind = [...hidden.keys()].flatMap((number) => this.figures[number]!.colors);
    this.figures.push(planFigure(random, outline, [...this.#backdrop, ...behind]));
    const number = this.#coverage.add(outline);
    if (shape) this.#shapes.set(number, shape);
    return true;
  }

  #mayLose(number: number, pixels: number): boolean {
    if (!this.#shapes.has(number)) return true;
    const [left, top, right, bottom] = this.figures[number]!.box;
    const isSmall = Math.max(right - left, bottom - top) < LEAST_VISIBLE.smallSide * this.#unit;
    const { area, shown } = this.#coverage.pixels(number);
    return shown - pixels >= (isSmall ? LEAST_VISIBLE.small : LEAST_VISIBLE.large) * area;
  }

  /** Box of a random object; `undefined` if there is none. */
  someObject(random: Dice): XyxyPx | undefined {
    return this.#shapes.size > 0 ? this.figures[random.pick([...this.#shapes.keys()])]!.box : undefined;
  }

  objects(): readonly SceneObject[] {
    return [...this.#shapes].map(([number, shape]) => {
      const { area, shown } = this.#coverage.pixels(number);
      return { shape, box: this.#coverage.visibleBox(number), area: shown, visibility: shown / area };
    });
  }
}

function addObject(random: Dice, composition: Composition, size: Size, unit: number): void {
  const shape = random.pick(SHAPE_NAMES);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const near = random.chance(0.35) ? composition.someObject(random) : undefined;
    if (composition.tryToAdd(random, poseShape(random, shape, size, unit, near), shape)) return;
  }
}

/**
 * Plans an image of shapes: positions, colors and visible parts. The same seed gives the same plan on every machine.
 * @param size size of the image in pixels; objects scale with it
 */
export function planScene(seed: number, size: Size): Scene {
  const random = dice(seed);
  const unit = Math.min(size.width, size.height) / 320;
  const color = mutedColor(random);
  const colors: readonly [Color, Color] = [color, nearColor(random, color, 70)];
  const background = planBackground(random, colors, size);
  const strokes = Array.from({ length: random.integer(0, 4) }, () => planStrokes(random, size, unit));

  const composition = new Composition(size, unit, colors);
  const addClutter = () => composition.tryToAdd(random, clutterOutline(random, size, unit));
  for (let left = random.integer(0, 3); left > 0; left--) addClutter();
  for (let left = random.integer(1, MOST_OBJECTS); left > 0; left--) {
    addObject(random, composition, size, unit);
    if (random.chance(0.2)) addClutter();
  }
  return {
    size,
    background,
    items: [...strokes, ...composition.figures],
    objects: composition.objects(),
    blur: random.chance(0.5) ? random.between(0, 0.25) : 0,
    noise: random.chance(0.7) ? random.between(2, 16) : 0,
    noiseSeed: random.integer(0, 2 ** 31),
  };
}
