import type { Size } from '../../boxes/formats.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { YoloLayer } from '../../network/layers.ts';
import type { CenterBoxes } from './box-overlap.ts';

/** The split and decoded logits of a head. All are [N, anchors, 1, cells], except `classes`. */
export interface DecodedHead {
  readonly layer: YoloLayer;
  readonly rows: number;
  readonly columns: number;
  /** Boxes, in pixels of the network's input. */
  readonly boxes: CenterBoxes;
  /** Logits. */
  readonly objectness: Value;
  /** Logits, [N, anchors, classes, cells]. */
  readonly classes: Value;
}

/**
 * Bound of the absolute value of side logits: from 1/3,000 to 3,000 times the anchor. Boxes without a truth are
 * unconstrained, and the gradient of an infinite box is NaN, even when multiplied by 0.
 */
const LARGEST_SIDE = 8;

/** The same decoding as `decodeHead`, as graph operations. Sides are bounded. */
export function decodeLogits(graph: GraphBuilder, layer: YoloLayer, logits: Value, input: Size): DecodedHead {
  const { anchors, classes, scaleXY, center: kind } = layer;
  const [batch, , rows, columns] = logits.shape as [number, number, number, number];
  const cells = rows * columns;
  const apart = graph.reshape(logits, [batch, anchors.length, 5 + classes, cells]);
  const sizes = [1, 1, 1, 1, 1, classes];
  const [x, y, width, height, objectness, scores] = graph.record({ op: 'split', axis: 2, sizes }, [apart]);
  const center = (logit: Value, place: (cell: number) => number, stride: number) => {
    const offset =
      kind === 'linear'
        ? graph.linear(logit, stride, 0)
        : graph.linear(graph.unary('sigmoid', logit), scaleXY * stride, ((1 - scaleXY) / 2) * stride);
    const start = Array.from({ length: cells }, (_, cell) => place(cell) * stride);
    return graph.binary('add', offset, graph.constant(start, [1, 1, 1, cells]));
  };
  const side = (logit: Value, axis: 0 | 1) => {
    const sides = graph.constant(
      anchors.map((anchor) => anchor[axis]),
      [1, anchors.length, 1, 1],
    );
    const bounded = graph.apply({ op: 'clip', min: -LARGEST_SIDE, max: LARGEST_SIDE }, logit);
    return graph.binary('multiply', graph.unary('exp', bounded), sides);
  };
  return {
    layer,
    rows,
    columns,
    boxes: {
      x: center(x!, (cell) => cell % columns, input.width / columns),
      y: center(y!, (cell) => Math.floor(cell / columns), input.height / rows),
      width: side(width!, 0),
      height: side(height!, 1),
    },
    objectness: objectness!,
    classes: scores!,
  };
}
