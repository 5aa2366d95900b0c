import type { Unit } from './units.ts';

/** Cost of a class missing from a split: larger than all other deviations together. */
const MISSING = 1000;

interface Totals {
  images: number;
  boxes: number;
  units: number;
}

/** Tracks how units are spread over splits, and how far each split is from its share of every class. */
export class Strata {
  /** Target number of images for each split. */
  readonly sizes: readonly number[];
  readonly #splits: number;
  readonly #totals: Totals[] = [];
  /** Number of images, shape [kinds, splits]. */
  readonly #images: Float64Array;
  readonly #boxes: Float64Array;

  constructor(units: readonly Unit[], sizes: readonly number[]) {
    this.sizes = sizes;
    this.#splits = sizes.length;
    for (const { kind, images, boxes } of units.flatMap(({ counts }) => counts)) {
      this.#totals[kind] ??= { images: 0, boxes: 0, units: 0 };
      this.#totals[kind].images += images;
      this.#totals[kind].boxes += boxes;
      this.#totals[kind].units++;
    }
    this.#images = new Float64Array(this.#totals.length * this.#splits);
    this.#boxes = new Float64Array(this.#totals.length * this.#splits);
  }

  /** Number of units with the kind. */
  unitsOf(kind: number): number {
    return this.#totals[kind]?.units ?? 0;
  }

  /** Number of images with the kind in a split. */
  imagesOf(kind: number, split: number): number {
    return this.#images[kind * this.#splits + split]!;
  }

  /** Number of images that a split still needs; negative if it has too many. */
  room(split: number): number {
    return this.sizes[split]! - this.imagesOf(0, split);
  }

  /** Adds a unit to a split, or removes it (`times` −1). */
  place({ counts }: Unit, split: number, times: 1 | -1 = 1): void {
    for (const { kind, images, boxes } of counts) {
      this.#images[kind * this.#splits + split]! += times * images;
      this.#boxes[kind * this.#splits + split]! += times * boxes;
    }
  }

  /** Whether a split has no image of a kind, although there are enough units for all splits. */
  misses(kind: number, split: number): boolean {
    return this.imagesOf(kind, split) === 0 && this.unitsOf(kind) >= this.#splits;
  }

  /** Squared deviations of a kind's images and boxes in a split, in images, divided by the expected images. */
  #costOf(kind: number, split: number): number {
    const total = this.#totals[kind]!;
    const share = this.sizes[split]! / this.#totals[0]!.images;
    const expected = total.images * share;
    const images = this.imagesOf(kind, split) - expected;
    const boxes =
      ((this.#boxes[kind * this.#splits + split]! - total.boxes * share) * total.images) / total.boxes;
    return (images * images + boxes * boxes) / expected + (this.misses(kind, split) ? MISSING : 0);
  }

  /** Total cost, in a split, of all kinds that one or two units have. */
  costOf(units: readonly Unit[], split: number): number {
    const [first, second] = units;
    let cost = 0;
    for (const { kind } of first!.counts) cost += this.#costOf(kind, split);
    for (const { kind } of second?.counts ?? []) {
      if (!first!.counts.some((other) => other.kind === kind)) cost += this.#costOf(kind, split);
    }
    return cost;
  }
}
