import type { Anchor, YoloLayer } from '../../../src/network/layers.ts';
import type { Assignment, Head, Truth } from '../../../src/training/heads/targets.ts';

/** A head; by default of a 64 × 32 image. */
export function headOf(
  stride: number,
  anchors: readonly Anchor[],
  [width, height]: readonly [width: number, height: number] = [64, 32],
): Head {
  const layer: YoloLayer = {
    type: 'yolo',
    name: `head${stride}`,
    inputs: [],
    anchors,
    classes: 3,
    scaleXY: 1,
  };
  return { layer, rows: height / stride, columns: width / stride, strideX: stride, strideY: stride };
}

/** A truth from its center and sides. */
export function truthAt(x: number, y: number, width: number, height: number, classId = 0): Truth {
  return { box: [x - width / 2, y - height / 2, x + width / 2, y + height / 2], classId };
}

/** Where truths are assigned, without match quality: head, anchor, row, column. */
export function places(assignments: readonly Assignment[]): readonly (readonly number[])[] {
  return assignments.map(({ head, anchor, row, column }) => [head, anchor, row, column]);
}
