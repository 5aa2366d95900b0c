import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import type { CenterBoxes } from '../../heads/box-overlap.ts';
import { chooseHighest, EXCLUDED } from './choose-highest.ts';
import type { GraphAssigner } from './graph-assigner.ts';
import { areWithin, centerDistances, pairOverlap } from './pairs.ts';
import type { Predictions } from './predictions.ts';
import { settle } from './settle.ts';
import type { PaddedTruths } from './truths.ts';

/** Maximum number of predictions per truth. */
const MOST = 10;
/** Maximum distance between the centers of a cell and a truth, in cells. */
const RADIUS = 2.5;
const OVERLAP_WEIGHT = 3;
/** Cost of a cell whose center is not both inside the truth's box and near its center. */
const FAR = 1e5;
/** Keeps logarithms finite. */
const [TINY, TINY_OVERLAP] = [1e-12, 1e-8];

/**
 * Binary cross-entropy of the scores s = √(σ(objectness) · σ(class)) against each truth's class, [N, M, P]. It is the
 * sum of −log(1 − s) over all classes, with −log s instead for the true class.
 */
function classCost(graph: GraphBuilder, { objectness, classes }: Predictions, truths: PaddedTruths): Value {
  const linear = (x: Value, factor: number, offset?: number) => graph.linear(x, factor, offset);
  const add = (a: Value, b: Value) => graph.binary('add', a, b);
  const softplusOfNegative = (logits: Value) => graph.unary('softplus', linear(logits, -1));
  // −log s
  const yes = linear(add(softplusOfNegative(objectness), softplusOfNegative(classes)), 0.5);
  // 1 − s = (1 − s²) / (1 + s), and 1 − s² = σ(−o) + σ(o) · σ(−c): this avoids cancellation near 1.
  const noObject = graph.unary('sigmoid', linear(objectness, -1));
  const noClass = graph.unary('sigmoid', linear(classes, -1));
  const object = graph.unary('sigmoid', objectness);
  const missed = linear(add(noObject, graph.binary('multiply', object, noClass)), 1, TINY);
  const score = graph.unary('exp', linear(yes, -1));
  // −log(1 − s)
  const no = graph.binary('subtract', graph.unary('log', linear(score, 1, 1)), graph.unary('log', missed));
  const instead = graph.binary('subtract', yes, no);
  const matMul = { op: 'matMul', transposeA: false, transposeB: false } as const;
  return add(graph.apply(matMul, truths.classes, instead), graph.reduce('sum', no, [1]));
}

/** Candidates of each truth, [N, M, P] of 0 and 1: `open` are allowed, `near` are preferred. */
function candidates(graph: GraphBuilder, { cells }: Predictions, { boxes, isThere }: PaddedTruths) {
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const distances = centerDistances(graph, boxes, cells);
  const within = (of: CenterBoxes, share: number) =>
    areWithin(graph, distances, [graph.linear(of.width, share), graph.linear(of.height, share)]);
  const [inBox, inCenter] = [within(boxes, 0.5), within(cells, RADIUS)];
  const either = multiply(graph.binary('maximum', inBox, inCenter), isThere);
  // A candidate of one truth is also allowed for the other truths of the image, at a higher cost.
  const open = multiply(graph.reduce('max', either, [1]), isThere);
  return { open, near: multiply(inBox, inCenter) };
}

/** Number of predictions for each truth, [N, M, 1]: the sum of its best overlaps, rounded down, at least 1. */
function dynamicCount(graph: GraphBuilder, overlap: Value, most: number): Value {
  const best = graph.apply({ op: 'topK', k: most }, overlap);
  const numbers = graph.constant(
    Array.from({ length: most }, (_, index) => index + 1),
    [1, 1, most],
  );
  const reached = graph.indicator('lessOrEqual', numbers, graph.reduce('sum', best, [2]));
  return graph.binary('maximum', graph.reduce('sum', reached, [2]), graph.constant(1));
}

/**
 * SimOTA of YOLOX (https://arxiv.org/abs/2107.08430). The number of predictions for a truth is the sum of its ten best
 * overlaps. It gets those with the lowest cost. The candidates are all anchors of cells whose centers are inside a
 * truth's box or near its center.
 */
export const simOta: GraphAssigner = (graph, predictions, truths) => {
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const most = Math.min(MOST, predictions.objectness.shape[2] as number);
  const { open, near } = candidates(graph, predictions, truths);
  const overlap = pairOverlap(graph, truths.boxes, predictions.boxes);
  const k = dynamicCount(graph, multiply(overlap, open), most);

  const logOverlap = graph.unary('log', graph.linear(overlap, 1, TINY_OVERLAP));
  const gain = graph.binary(
    'subtract',
    graph.linear(logOverlap, OVERLAP_WEIGHT),
    classCost(graph, predictions, truths),
  );
  const scores = graph.where(
    graph.compare('greater', open, graph.constant(0)),
    graph.binary('add', gain, graph.linear(near, FAR, -FAR)),
    graph.constant(EXCLUDED),
  );
  const owner = settle(graph, chooseHighest(graph, scores, k, most), scores);
  return { owner, quality: graph.reduce('sum', multiply(owner, overlap), [1]) };
};
