import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { CenterBoxes } from './box-overlap.ts';

/**
 * [N, anchors, 1, cells]: 1 where a predicted box overlaps one of the image's truths by more than the
 * threshold. No gradient flows through it.
 * @param truths [N, M, 4]
 */
export function overlapsTruth(
  graph: GraphBuilder,
  boxes: CenterBoxes,
  truths: Value,
  threshold: number,
): Value {
  const [batch, anchors, , cells] = boxes.x.shape as [number, number, number, number];
  const count = truths.shape[1] as number;
  const column = (value: Value) => graph.reshape(value, [batch, anchors * cells, 1]);
  const [left, top, right, bottom] = graph
    .record({ op: 'split', axis: 2, sizes: [1, 1, 1, 1] }, [truths])
    .map((edge) => graph.reshape(edge, [batch, 1, count])) as [Value, Value, Value, Value];
  const subtract = (a: Value, b: Value) => graph.binary('subtract', a, b);
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const shared = (center: Value, side: Value, start: Value, end: Value) => {
    const half = graph.linear(column(side), 0.5);
    const from = graph.binary('maximum', subtract(column(center), half), start);
    const until = graph.binary('minimum', graph.binary('add', column(center), half), end);
    return graph.unary('relu', subtract(until, from));
  };
  const intersection = multiply(
    shared(boxes.x, boxes.width, left, right),
    shared(boxes.y, boxes.height, top, bottom),
  );
  const areas = graph.binary(
    'add',
    column(multiply(boxes.width, boxes.height)),
    multiply(subtract(right, left), subtract(bottom, top)),
  );
  // intersection / (areas − intersection) > threshold, without a division.
  const excess = subtract(graph.linear(intersection, 1 + threshold), graph.linear(areas, threshold));
  const largest = graph.reduce('max', excess, [2]);
  const overlapping = graph.indicator('greater', largest, graph.constant(0));
  return graph.apply({ op: 'stopGradient' }, graph.reshape(overlapping, [batch, anchors, 1, cells]));
}
