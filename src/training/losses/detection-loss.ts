import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { YoloLayer } from '../../network/layers.ts';
import { type BoxLoss, boxLoss, type CenterBoxes } from './box-overlap.ts';
import { binaryCrossEntropy } from './cross-entropy.ts';

export interface DetectionLossOptions {
  /** @default 'ciou' */
  readonly box?: BoxLoss;
  /**
   * Predictions that overlap any truth by more than this are not told to be background, as in YOLOv3; 1 turns
   * it off. IoU, 0–1. @default 0.7
   */
  readonly ignoreThreshold?: number;
}

export interface LossParts {
  /** Each a scalar of shape [1, 1, 1, 1], already weighted by its gain. */
  readonly box: Value;
  readonly objectness: Value;
  readonly classes: Value;
  /** Anchor cells that a truth is assigned to, in the whole batch, at least 1. */
  readonly positives: Value;
}

/** Names of the graph's inputs that hold what a head shall say; see `HeadTargets`. */
export const targetInputs = (head: string) => ({
  positive: `${head}.positive`,
  box: `${head}.box`,
  classId: `${head}.class`,
});

/** Name of the input of all true boxes, [N, M, 4]: left, top, right, bottom in pixels; unused ones all 0. */
export const TRUTHS_INPUT = 'truths';
/** Names of the scalars that weigh the parts of the loss. */
export const GAIN_INPUTS = {
  box: 'gain.box',
  objectness: 'gain.objectness',
  classes: 'gain.classes',
} as const;

/** A head's logits taken apart and decoded; all are [N, anchors, 1, cells] but `classes`. */
interface DecodedHead {
  readonly boxes: CenterBoxes;
  readonly objectness: Value;
  /** [N, anchors, classes, cells] */
  readonly classes: Value;
}

/** The decoding of `decodeHead`, as operations: boxes in pixels of the network's input. */
function decode(
  graph: GraphBuilder,
  { anchors, classes, scaleXY }: YoloLayer,
  logits: Value,
  input: { readonly width: number; readonly height: number },
): DecodedHead {
  const [batch, , rows, columns] = logits.shape as [number, number, number, number];
  const cells = rows * columns;
  const apart = graph.reshape(logits, [batch, anchors.length, 5 + classes, cells]);
  const sizes = [1, 1, 1, 1, 1, classes];
  const [x, y, width, height, objectness, scores] = graph.record({ op: 'split', axis: 2, sizes }, [apart]);
  const center = (logit: Value, place: (cell: number) => number, stride: number) => {
    const offset = graph.linear(
      graph.unary('sigmoid', logit),
      scaleXY * stride,
      ((1 - scaleXY) / 2) * stride,
    );
    const start = Array.from({ length: cells }, (_, cell) => place(cell) * stride);
    return graph.binary('add', offset, graph.constant(start, [1, 1, 1, cells]));
  };
  const side = (logit: Value, axis: 0 | 1) => {
    const sides = graph.constant(
      anchors.map((anchor) => anchor[axis]),
      [1, anchors.length, 1, 1],
    );
    return graph.binary('multiply', graph.unary('exp', logit), sides);
  };
  return {
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

/** [N, anchors, 1, cells]: 1 where a predicted box overlaps one of the image's truths by more than the threshold. */
function overlapsTruth(graph: GraphBuilder, boxes: CenterBoxes, truths: Value, threshold: number): Value {
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
  return graph.reshape(overlapping, [batch, anchors, 1, cells]);
}

/**
 * YOLOv3's loss (https://arxiv.org/abs/1804.02767) with an overlap for the boxes: binary cross-entropy for
 * the objectness of every anchor cell but those ignored, and for the classes where a truth is assigned; each
 * part is a sum over the batch, divided by the number of assigned cells.
 * @param heads yolo layers with their logits [N, anchors · (5 + classes), rows, columns]
 * @param truths boxes an image that fit the `truths` input
 * @param scalar an input of shape [] by its name
 */
export function detectionLoss(
  graph: GraphBuilder,
  heads: readonly { readonly layer: YoloLayer; readonly logits: Value }[],
  input: { readonly width: number; readonly height: number },
  truths: number,
  scalar: (name: string) => Value,
  options: DetectionLossOptions = {},
): LossParts {
  const { box: kind = 'ciou', ignoreThreshold = 0.7 } = options;
  const batch = heads[0]!.logits.shape[0] as number;
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const trueBoxes = ignoreThreshold < 1 ? graph.input(TRUTHS_INPUT, [batch, truths, 4]) : undefined;
  const sum = (values: readonly Value[]) =>
    values.reduce((total, value) => graph.binary('add', total, value));

  const parts = heads.map(({ layer, logits }) => {
    const { boxes, objectness, classes } = decode(graph, layer, logits, input);
    const [, anchors, , cells] = objectness.shape as [number, number, number, number];
    const names = targetInputs(layer.name);
    const positive = graph.input(names.positive, [batch, anchors, 1, cells]);
    const target = graph.input(names.box, [batch, anchors, 4, cells]);
    const classId = graph.input(names.classId, [batch, anchors, 1, cells]);
    const [x, y, width, height] = graph.record({ op: 'split', axis: 2, sizes: [1, 1, 1, 1] }, [target]);
    const off = boxLoss(graph, kind, boxes, { x: x!, y: y!, width: width!, height: height! });

    const entropy = binaryCrossEntropy(graph, objectness, positive);
    const free = trueBoxes
      ? graph.apply({ op: 'stopGradient' }, overlapsTruth(graph, boxes, trueBoxes, ignoreThreshold))
      : undefined;
    const counted = free
      ? multiply(entropy, graph.binary('maximum', positive, graph.linear(free, -1, 1)))
      : entropy;

    const ids = graph.constant(
      Array.from({ length: layer.classes }, (_, id) => id),
      [1, 1, layer.classes, 1],
    );
    const wrong = binaryCrossEntropy(graph, classes, graph.indicator('equal', classId, ids));
    return {
      box: graph.reduce('sum', multiply(off, positive)),
      objectness: graph.reduce('sum', counted),
      classes: graph.reduce('sum', multiply(graph.reduce('sum', wrong, [2]), positive)),
      positives: graph.reduce('sum', positive),
    };
  });

  const positives = graph.binary('maximum', sum(parts.map((part) => part.positives)), graph.constant(1));
  const weighted = (part: keyof typeof GAIN_INPUTS) => {
    const total = graph.binary('divide', sum(parts.map((head) => head[part])), positives);
    return multiply(total, scalar(GAIN_INPUTS[part]));
  };
  return {
    box: weighted('box'),
    objectness: weighted('objectness'),
    classes: weighted('classes'),
    positives,
  };
}
