import { clipToImage, type Size, type XyxyPx } from '../boxes/formats.ts';
import { type Outline, outlineBox } from './outline.ts';
import { visitSpans } from './raster.ts';

interface Placed {
  readonly outline: Outline;
  /** Number of pixels, inside and outside the image. */
  readonly area: number;
  /** Number of visible pixels. */
  shown: number;
  /** Bounding box of its pixels inside the image, visible or not. */
  readonly extent: XyxyPx;
}

const NOTHING: XyxyPx = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];

function enlarge([left, top, right, bottom]: XyxyPx, row: number, start: number, end: number): XyxyPx {
  return [Math.min(left, start), Math.min(top, row), Math.max(right, end), Math.max(bottom, row + 1)];
}

/** Tracks which of several overlapping opaque outlines is visible at each pixel. */
export class Coverage {
  readonly #size: Size;
  readonly #owners: Int16Array;
  readonly #placed: Placed[] = [];

  constructor(size: Size) {
    this.#size = size;
    this.#owners = new Int16Array(size.width * size.height).fill(-1);
  }

  #visitInside(outline: Outline, visit: (row: number, start: number, end: number) => void): void {
    const { width, height } = this.#size;
    visitSpans(outline, (row, start, end) => {
      if (row >= 0 && row < height && end > 0 && start < width) {
        visit(row, Math.max(0, start), Math.min(width, end));
      }
    });
  }

  /** Number of pixels of each earlier outline that a new one would hide, by outline number. */
  hiddenBy(outline: Outline): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    this.#visitInside(outline, (row, start, end) => {
      for (let x = start; x < end; x++) {
        const owner = this.#owners[row * this.#size.width + x]!;
        if (owner >= 0) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
    });
    return counts;
  }

  /** Adds an outline on top. Returns its number, counted from 0. */
  add(outline: Outline): number {
    for (const [number, pixels] of this.hiddenBy(outline)) this.#placed[number]!.shown -= pixels;
    const number = this.#placed.length;
    let [area, shown, extent] = [0, 0, NOTHING];
    visitSpans(outline, (_row, start, end) => {
      area += end - start;
    });
    this.#visitInside(outline, (row, start, end) => {
      const first = row * this.#size.width;
      this.#owners.fill(number, first + start, first + end);
      shown += end - start;
      extent = enlarge(extent, row, start, end);
    });
    this.#placed.push({ outline, area, shown, extent });
    return number;
  }

  /** Number of pixels of an outline, including those outside the image, and number of visible pixels. */
  pixels(number: number): { readonly area: number; readonly shown: number } {
    return this.#placed[number]!;
  }

  /**
   * Bounding box of an outline's visible part. Uncovered sides are exact, from the outline's points. The others are
   * whole pixels.
   */
  visibleBox(number: number): XyxyPx {
    const { outline, extent } = this.#placed[number]!;
    const exact = clipToImage(outlineBox(outline), this.#size);
    let shown = NOTHING;
    for (let row = extent[1]; row < extent[3]; row++) {
      for (let x = extent[0]; x < extent[2]; x++) {
        const isShown = this.#owners[row * this.#size.width + x] === number;
        if (isShown) shown = enlarge(shown, row, x, x + 1);
      }
    }
    const side = (index: 0 | 1 | 2 | 3) => (shown[index] === extent[index] ? exact[index] : shown[index]);
    return [side(0), side(1), side(2), side(3)];
  }
}
