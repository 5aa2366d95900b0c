import { type Assigner, type Assignment, cellAt, type Head } from '../heads/targets.ts';

/** Sides of truth and anchor may differ by less than this factor. */
const MOST_RATIO = 4;

/** The cell of a point and the two neighbors it lies nearest to, inside the grid. */
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
 * Every anchor whose sides are within a factor of 4 of the truth's answers for it, in the cell of its center
 * and the two nearest neighbors: up to three cells an anchor instead of YOLOv3's one in all. A neighbor's box
 * reaches the center only in a head whose `scaleXY` is 2; with 1 it comes as near as its cell's edge.
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
        // A truth's own cell comes before a neighbor of another's, however well that one fits.
        const match = (order === 0 ? 1 : 0) + 1 / worst;
        found.push({ head: index, anchor: place, row, column, match });
      });
    });
  });
  return found;
};
