import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import { chooseHighest, EXCLUDED } from './choose-highest.ts';
import type { GraphAssigner } from './graph-assigner.ts';
import { areWithin, centerDistances, pairOverlap } from './pairs.ts';
import type { Predictions } from './predictions.ts';
import { settle } from './settle.ts';
import type { PaddedTruths } from './truths.ts';

/** Number of predictions per truth. */
const TAKEN = 10;
/** Exponents of score and overlap in the alignment metric. */
const [SCORE, OVERLAP] = [1, 6];
/** Keeps logarithms finite. */
const TINY = 1e-9;

/** log s of the score s = σ(objectness) · σ(class) for each truth's class, [N, M, P]. */
function logScores(graph: GraphBuilder, { objectness, classes }: Predictions, truths: PaddedTruths): Value {
  const cost = (logits: Value) => graph.unary('softplus', graph.linear(logits, -1));
  const all = graph.linear(graph.binary('add', cost(objectness), cost(classes)), -1);
  return graph.apply({ op: 'matMul', transposeA: false, transposeB: false }, truths.classes, all);
}

/**
 * Task-aligned assignment of TOOD (https://arxiv.org/abs/2108.07755). A truth gets the ten predictions with the highest
 * alignment score · overlap⁶ among those whose cell center is inside its box. The quality of a prediction is its
 * alignment, scaled so that a truth's best quality equals its best overlap. Boxes narrower than a cell might contain no
 * cell center, so they are widened to a cell.
 */
export const taskAligned: GraphAssigner = (graph, predictions, truths) => {
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const count = predictions.objectness.shape[2] as number;
  const taken = Math.min(TAKEN, count);
  const { cells } = predictions;
  const half = (side: 'width' | 'height') =>
    graph.linear(graph.binary('maximum', truths.boxes[side], cells[side]), 0.5);
  const distances = centerDistances(graph, truths.boxes, cells);
  const isInside = areWithin(graph, distances, [half('width'), half('height')], true);

  const overlap = pairOverlap(graph, truths.boxes, predictions.boxes);
  // Logarithms, because the sixth power of a small overlap underflows in float32. Without overlap, the score decides.
  const alignment = graph.binary(
    'add',
    graph.linear(logScores(graph, predictions, truths), SCORE),
    graph.linear(graph.unary('log', graph.linear(overlap, 1, TINY)), OVERLAP),
  );
  const none = graph.constant(EXCLUDED);
  const isCandidate = graph.compare('greater', multiply(isInside, truths.isThere), graph.constant(0));
  const scores = graph.where(isCandidate, alignment, none);
  const chosen = chooseHighest(graph, scores, graph.constant([taken], [1, 1, 1]), taken);
  const owner = settle(graph, chosen, overlap);

  const isOwned = graph.compare('greater', owner, graph.constant(0));
  const own = graph.where(isOwned, alignment, none);
  const share = graph.unary('exp', graph.binary('subtract', own, graph.reduce('max', own, [2])));
  const scale = graph.reduce('max', multiply(owner, overlap), [2]);
  return { owner, quality: graph.reduce('sum', multiply(owner, multiply(share, scale)), [1]) };
};
