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

/** An object that is to be found. */
export interface SceneObject {
  readonly shape: ShapeName;
  /** Of what shows of it. */
  readonly box: XyxyPx;
  /** Of what shows, in square pixels. */
  readonly area: number;
  /** Share of it that shows, 0–1: the rest is covered or outside the image. */
  readonly visibility: number;
}

/** An image before it is painted. */
export interface Scene {
  readonly size: Size;
  readonly background: Background;
  /** From back to front. */
  readonly items: readonly (Figure | Strokes)[];
  readonly objects: readonly SceneObject[];
  /** Share of a pixel's neighbors in it on each axis, as of a lens out of focus: 0–0.25 each. */
  readonly blur: number;
  /** Most that noise changes a pixel's level. */
  readonly noise: number;
  readonly noiseSeed: number;
}

/** Least share of an object that others leave uncovered; more of a small one, or nobody could tell it. */
const LEAST_VISIBLE = { small: 0.7, large: 0.3, smallSide: 24 } as const;
const MOST_OBJECTS = 8;
/** Attempts to place an object so that it does not cover too much; in a full image some find no place. */
const ATTEMPTS = 20;

/** Figures laid over each other. */
class Composition {
  readonly figures: Figure[] = [];
  readonly #coverage: Coverage;
  readonly #unit: number;
  readonly #backdrop: readonly Color[];
  /** The objects, by their numbers among the figures. */
  readonly #shapes = new Map<number, ShapeName>();

  constructor(size: Size, unit: number, backdrop: readonly Color[]) {
    this.#coverage = new Coverage(size);
    this.#unit = unit;
    this.#backdrop = backdrop;
  }

  /** Lays an outline on top, unless it would cover too much of an object. */
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

  /** Box of one of the objects. */
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
 * Plans an image of shapes: what lies where in which color, and what can be seen of it. The same for a seed
 * on every machine.
 * @param size sides of the image in pixels; objects grow with it
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
