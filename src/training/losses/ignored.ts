import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { CenterBoxes } from '../heads/box-overlap.ts';

/** Predictions with at least this share of their area in an ignored box are not trained as background. */
const IGNORED_SHARE = 0.5;

/**
 * Intersection of each predicted box with each given box of its image, [N, anchors · cells, M], in square pixels.
 * @param edges left, top, right, bottom, [N, 1, M] each
 */
function sharedAreas(graph: GraphBuilder, boxes: CenterBoxes, edges: Edges): Value {
  const [left, top, right, bottom] = edges;
  const subtract = (a: Value, b: Value) => graph.binary('subtract', a, b);
  const shared = (center: Value, side: Value, start: Value, end: Value) => {
    const half = graph.linear(column(graph, side), 0.5);
    const from = graph.binary('maximum', subtract(column(graph, center), half), start);
    const until = graph.binary('minimum', graph.binary('add', column(graph, center), half), end);
    return graph.unary('relu', subtract(until, from));
  };
  return graph.binary(
    'multiply',
    shared(boxes.x, boxes.width, left, right),
    shared(boxes.y, boxes.height, top, bottom),
  );
}

/** Reshapes a head's values to [N, anchors · cells, 1]. */
function column(graph: GraphBuilder, value: Value): Value {
  const [batch, anchors, , cells] = value.shape as [number, number, number, number];
  return graph.reshape(value, [batch, anchors * cells, 1]);
}

type Edges = readonly [left: Value, top: Value, right: Value, bottom: Value];

/** @param boxes [N, M, 4] */
function edgesOf(graph: GraphBuilder, boxes: Value): Edges {
  const [batch, count] = boxes.shape as [number, number, number];
  const [left, top, right, bottom] = graph
    .record({ op: 'split', axis: 2, sizes: [1, 1, 1, 1] }, [boxes])
    .map((edge) => graph.reshape(edge, [batch, 1, count])) as [Value, Value, Value, Value];
  return [left, top, right, bottom];
}

/** Reshapes flags of a head's predictions to [N, anchors, 1, cells], and stops gradients. */
function asMap(graph: GraphBuilder, flags: Value, { x }: CenterBoxes): Value {
  return graph.apply({ op: 'stopGradient' }, graph.reshape(flags, x.shape));
}

/**
 * [N, anchors, 1, cells]: 1 if at least half of a predicted box is inside an ignored box of the image, otherwise 0. No
 * gradient flows through it.
 * @param ignored [N, K, 4]
 */
export function liesInIgnored(graph: GraphBuilder, boxes: CenterBoxes, ignored: Value): Value {
  const largest = graph.reduce('max', sharedAreas(graph, boxes, edgesOf(graph, ignored)), [2]);
  const area = column(graph, graph.binary('multiply', boxes.width, boxes.height));
  const isInside = graph.indicator('greaterOrEqual', largest, graph.linear(area, IGNORED_SHARE));
  return asMap(graph, isInside, boxes);
}

/**
 * [N, anchors, 1, cells]: 1 if the IoU of a predicted box with a truth of the image is above the threshold, otherwise
 * 0. No gradient flows through it.
 * @param truths [N, M, 4]
 */
export function overlapsTruth(
  graph: GraphBuilder,
  boxes: CenterBoxes,
  truths: Value,
  threshold: number,
): Value {
  const edges = edgesOf(graph, truths);
  const [left, top, right, bottom] = edges;
  const subtract = (a: Value, b: Value) => graph.binary('subtract', a, b);
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const intersection = sharedAreas(graph, boxes, edges);
  const areas = graph.binary(
    'add',
    column(graph, multiply(boxes.width, boxes.height)),
    multiply(subtract(right, left), subtract(bottom, top)),
  );
  // Equivalent to intersection / (areas − intersection) > threshold, without a division.
  const excess = subtract(graph.linear(intersection, 1 + threshold), graph.linear(areas, threshold));
  const largest = graph.reduce('max', excess, [2]);
  const overlapping = graph.indicator('greater', largest, graph.constant(0));
  return asMap(graph, overlapping, boxes);
}
