import { type Assigner, type Assignment, cellAt, type Head } from '../heads/targets.ts';

/** The sides of truth and anchor must differ by less than this factor. */
const MOST_RATIO = 4;

/** The cell of a point and its two nearest neighbors, if they are inside the grid. */
function nearCells(x: number, y: number, head: Head): readonly (readonly [row: number, column: number])[] {
  const [row, column] = cellAt(x, y, head);
  const nearer = (place: number) => (place % 1 < 0.5 ? -1 : 1);
  const vertical = row + nearer(y / head.strideY);
  const horizontal = column + nearer(x / head.strideX);
  const isInside = (value: number, count: number) => value >= 0 && value < count;
  return [
    [row, column],
    ...(isInside(vertical, head.rows) ? [[vertical, column] as const] : []),
    ...(isInside(horizontal, head.columns) ? [[row, horizontal] as const] : []),
  ];
}

/**
 * Assigns a truth to every anchor whose sides differ from its own by a factor below 4. It is assigned in the cell of
 * its center and in the two nearest neighbors: up to three cells per anchor, instead of one in YOLOv3. The box of a
 * neighbor can reach the center only if the head's `scaleXY` is 2. If it is 1, the box reaches only the edge of its
 * cell.
 */
export const shapeRatio: Assigner = ({ box: [left, top, right, bottom] }, heads) => {
  const sides = [right - left, bottom - top] as const;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const found: Assignment[] = [];
  heads.forEach((head, index) => {
    const cells = nearCells(x, y, head);
    head.layer.anchors.forEach((anchor, place) => {
      const ratios = sides.map((side, axis) => Math.max(side / anchor[axis]!, anchor[axis]! / side));
      const worst = Math.max(...ratios);
      if (worst >= MOST_RATIO) return;
      cells.forEach(([row, column], order) => {
        // In its own cell, a truth takes precedence over those of neighboring cells, however well they fit.
        const match = (order === 0 ? 1 : 0) + 1 / worst;
        found.push({ head: index, anchor: place, row, column, match });
      });
    });
  });
  return found;
};
