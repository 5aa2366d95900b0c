import type { XywhPx } from '../formats.ts';

/** A point in pixels. */
export type Point = readonly [x: number, y: number];

/** An object in a frame, as a tracker returns it. */
export interface SeenObject {
  /** Id of the object, the same in each frame, from 1. */
  readonly id: number;
  /** Left, top, width, height in pixels. */
  readonly box: XywhPx;
}

/** Objects that are not seen for this many frames are forgotten. A tracker drops them earlier. */
const FORGET_AFTER = 1000;

const centerOf = ([left, top, width, height]: XywhPx): Point => [left + width / 2, top + height / 2];

/** Positive if a point is to the right of a line, seen from its start to its end. The y axis points down. */
function sideOf([start, end]: readonly [Point, Point], [x, y]: Point): number {
  return Math.sign((end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0]));
}

/** Stores a value for each object, and forgets objects that are gone. */
class ByObject<T> {
  readonly #values = new Map<number, { value: T; frame: number }>();
  #frame = 0;

  nextFrame(): void {
    this.#frame++;
    if (this.#frame % FORGET_AFTER !== 0) return;
    for (const [id, { frame }] of this.#values)
      if (this.#frame - frame > FORGET_AFTER) this.#values.delete(id);
  }

  get(id: number): T | undefined {
    return this.#values.get(id)?.value;
  }

  set(id: number, value: T): void {
    this.#values.set(id, { value, frame: this.#frame });
  }
}

/** Counts objects whose centers cross a line. */
export class LineCounter {
  /** Number of crossings to the right and to the left, seen from the line's start to its end. */
  readonly counts = { right: 0, left: 0 };
  readonly #line: readonly [Point, Point];
  /** Position of each object when it was last off the line, and on which side. */
  readonly #last = new ByObject<{ readonly point: Point; readonly side: number }>();

  constructor(line: readonly [start: Point, end: Point]) {
    this.#line = line;
  }

  /** Processes the objects of the next frame. Counts those whose centers crossed the line between its ends. */
  update(objects: readonly SeenObject[]): void {
    this.#last.nextFrame();
    for (const { id, box } of objects) {
      const point = centerOf(box);
      const side = sideOf(this.#line, point);
      // An object on the line has not crossed it yet.
      if (side === 0) continue;
      const last = this.#last.get(id);
      this.#last.set(id, { point, side });
      if (!last || last.side === side || !this.#passesBetweenEnds(last.point, point)) continue;
      this.counts[side > 0 ? 'right' : 'left']++;
    }
  }

  /** Whether a movement that crosses the infinite line crosses it between its ends. */
  #passesBetweenEnds(from: Point, to: Point): boolean {
    const [start, end] = this.#line;
    return sideOf([from, to], start) * sideOf([from, to], end) <= 0;
  }
}

/** Counts objects whose centers are in a polygon. */
export class ZoneCounter {
  readonly #corners: readonly Point[];
  readonly #wasInside = new ByObject<boolean>();
  /** Number of objects inside in this frame. */
  inside = 0;
  /** Number of objects that entered, or were inside when first seen. */
  entered = 0;
  /** Number of objects that left. */
  left = 0;

  /** @param corners the corners of the polygon in order, at least three */
  constructor(corners: readonly Point[]) {
    this.#corners = corners;
  }

  /** Processes the objects of the next frame. Counts those whose centers are inside, entered or left. */
  update(objects: readonly SeenObject[]): void {
    this.#wasInside.nextFrame();
    this.inside = 0;
    for (const { id, box } of objects) {
      const isInside = this.#contains(centerOf(box));
      const was = this.#wasInside.get(id) ?? false;
      this.#wasInside.set(id, isInside);
      if (isInside) this.inside++;
      if (isInside && !was) this.entered++;
      if (!isInside && was) this.left++;
    }
  }

  /** Uses the even-odd rule. */
  #contains([x, y]: Point): boolean {
    let isInside = false;
    for (const [index, [x1, y1]] of this.#corners.entries()) {
      const [x2, y2] = this.#corners.at(index - 1)!;
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isInside = !isInside;
    }
    return isInside;
  }
}
