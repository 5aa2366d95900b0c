import type { Size } from '../../../boxes/formats.ts';
import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import type { CenterBoxes } from '../../heads/box-overlap.ts';
import type { DecodedHead } from '../../heads/decoded-head.ts';

/** The P predictions of all heads: head by head, anchor by anchor, cells in row-major order. */
export interface Predictions {
  /** Boxes, [N, 1, P] each. */
  readonly boxes: CenterBoxes;
  /** Logits, [N, 1, P]. */
  readonly objectness: Value;
  /** Logits, [N, C, P]. */
  readonly classes: Value;
  /** Centers and sides of the cells, [1, 1, P] each. */
  readonly cells: CenterBoxes;
}

/** Number of predictions of a head per image. */
const predictionCount = ({ layer, rows, columns }: DecodedHead) => layer.anchors.length * rows * columns;

/** Concatenates the predictions of all heads. Gradients are stopped, because assignments must not be learned. */
export function gatherPredictions(
  graph: GraphBuilder,
  heads: readonly DecodedHead[],
  { width, height }: Size,
): Predictions {
  const batch = heads[0]!.objectness.shape[0] as number;
  const join = (of: (head: DecodedHead) => Value) => {
    const all = graph.apply({ op: 'concat', axis: 2 }, ...heads.map(of));
    return graph.apply({ op: 'stopGradient' }, all);
  };
  const rows = (of: (head: DecodedHead) => Value) =>
    join((head) => graph.reshape(of(head), [batch, 1, predictionCount(head)]));
  const cells = (of: (head: DecodedHead, cell: number) => number) => {
    const values = heads.flatMap((head) => {
      const area = head.rows * head.columns;
      return Array.from({ length: predictionCount(head) }, (_, place) => of(head, place % area));
    });
    return graph.constant(values, [1, 1, values.length]);
  };
  return {
    boxes: {
      x: rows(({ boxes }) => boxes.x),
      y: rows(({ boxes }) => boxes.y),
      width: rows(({ boxes }) => boxes.width),
      height: rows(({ boxes }) => boxes.height),
    },
    objectness: rows(({ objectness }) => objectness),
    classes: join((head) => {
      const first = graph.apply({ op: 'transpose', permutation: [0, 2, 1, 3] }, head.classes);
      return graph.reshape(first, [batch, head.layer.classes, predictionCount(head)]);
    }),
    cells: {
      x: cells(({ columns }, cell) => ((cell % columns) + 0.5) * (width / columns)),
      y: cells(({ rows, columns }, cell) => (Math.floor(cell / columns) + 0.5) * (height / rows)),
      width: cells(({ columns }) => width / columns),
      height: cells(({ rows }) => height / rows),
    },
  };
}

/** Splits values of all predictions, [N, 1, P], into one tensor per head, [N, anchors, 1, cells]. */
export function perHead(graph: GraphBuilder, heads: readonly DecodedHead[], values: Value): readonly Value[] {
  const sizes = heads.map(predictionCount);
  return graph
    .record({ op: 'split', axis: 2, sizes }, [values])
    .map((part, index) => graph.reshape(part, heads[index]!.objectness.shape));
}
