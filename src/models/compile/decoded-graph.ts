import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph, Value } from '../../graph/operations.ts';
import { detectionHeads } from '../../network/detection-outputs.ts';
import type { Network, RegionLayer, YoloLayer } from '../../network/layers.ts';
import { type ForwardOptions, recordForward } from '../forward/forward.ts';

/** Left and top edges of a map's cells, [1, 1, 2, rows · columns]. */
function cellPlaces(graph: GraphBuilder, rows: number, columns: number): Value {
  const cells = Array.from({ length: rows * columns }, (_, cell) => cell);
  const places = [...cells.map((cell) => cell % columns), ...cells.map((cell) => Math.floor(cell / columns))];
  return graph.constant(places, [1, 1, 2, cells.length]);
}

/**
 * Computes a head's boxes [batch, predictions, 4] and scores [batch, predictions, classes], like `decodeHead` in
 * src/boxes.
 */
function decodeHead(
  graph: GraphBuilder,
  logits: Value,
  head: YoloLayer | RegionLayer,
  [inputHeight, inputWidth]: readonly [number, number],
): { readonly boxes: Value; readonly scores: Value } {
  const [, , rows, columns] = logits.shape as readonly [unknown, number, number, number];
  const { anchors, classes } = head;
  const [area, count] = [rows * columns, anchors.length];
  const stride = [inputWidth / columns, inputHeight / rows] as const;
  const scale = head.type === 'yolo' ? head.scaleXY : 1;
  const fields = graph.reshape(logits, ['batch', count, 5 + classes, area]);
  const part = (start: number, end: number) => graph.apply({ op: 'slice', axis: 2, start, end }, fields);
  const times = (x: Value, factors: readonly number[], shape: readonly number[]) =>
    graph.binary('multiply', x, graph.constant(factors, shape));

  const isLinear = head.type === 'yolo' && head.center === 'linear';
  const offsets = isLinear
    ? part(0, 2)
    : graph.linear(graph.unary('sigmoid', part(0, 2)), scale, (1 - scale) / 2);
  const inCells = graph.binary('add', offsets, cellPlaces(graph, rows, columns));
  const centers = times(inCells, stride, [1, 1, 2, 1]);
  const unit = head.type === 'yolo' ? ([1, 1] as const) : stride;
  const halves = anchors.flatMap(([width, height]) => [(width * unit[0]) / 2, (height * unit[1]) / 2]);
  const sizes = times(graph.unary('exp', part(2, 4)), halves, [1, count, 2, 1]);
  const sides = ['subtract', 'add'] as const;
  const boxes = graph.apply(
    { op: 'concat', axis: 2 },
    ...sides.map((side) => graph.binary(side, centers, sizes)),
  );

  const logitsOfClasses = part(5, 5 + classes);
  const ofClasses =
    head.type === 'region' && head.softmax
      ? graph.apply({ op: 'softmax', axis: 2 }, logitsOfClasses)
      : graph.unary('sigmoid', logitsOfClasses);
  const scores = graph.binary('multiply', graph.unary('sigmoid', part(4, 5)), ofClasses);
  const inRows = (x: Value, columnsOf: number) =>
    graph.reshape(graph.apply({ op: 'transpose', permutation: [0, 1, 3, 2] }, x), [
      'batch',
      count * area,
      columnsOf,
    ]);
  return { boxes: inRows(boxes, 4), scores: inRows(scores, classes) };
}

/**
 * Builds a detector's forward pass with decoded heads. Outputs are `boxes` [batch, predictions, 4], left, top, right
 * and bottom in pixels of the input, and `scores` [batch, predictions, classes].
 * @throws MicroYoloError `unsupported` if the network is not a detector
 */
export function decodedGraph(network: Network, options: ForwardOptions): Graph {
  const graph = new GraphBuilder();
  const heads = detectionHeads(network);
  const { outputs } = recordForward(graph, network, 'inference', options);
  const [, height, width] = network.input;
  const decoded = heads.map((head) => decodeHead(graph, outputs.get(head.name)!, head, [height, width]));
  for (const name of ['boxes', 'scores'] as const) {
    const parts = decoded.map((part) => part[name]);
    graph.output(name, parts.length === 1 ? parts[0]! : graph.apply({ op: 'concat', axis: 1 }, ...parts));
  }
  return graph.build();
}
