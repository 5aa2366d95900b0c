import type { Outline } from './outline.ts';

/** Visits the runs [start, end) of pixels whose centers are inside an outline. */
export function visitSpans(outline: Outline, visit: (row: number, start: number, end: number) => void): void {
  const ys = outline.flat().map(([, y]) => y);
  const last = Math.floor(Math.max(...ys) + 0.5);
  for (let row = Math.floor(Math.min(...ys) + 0.5); row < last; row++) {
    const y = row + 0.5;
    const crossings: number[] = [];
    for (const polygon of outline) {
      let [x1, y1] = polygon.at(-1)!;
      for (const [x2, y2] of polygon) {
        // Half-open, so that a corner on the line counts once.
        if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
        [x1, y1] = [x2, y2];
      }
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const start = Math.floor(crossings[i]! + 0.5);
      const end = Math.floor(crossings[i + 1]! + 0.5);
      if (end > start) visit(row, start, end);
    }
  }
}
