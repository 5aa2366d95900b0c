import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import { boxLoss } from '../heads/box-overlap.ts';
import type { DecodedHead } from '../heads/decoded-head.ts';
import type { TargetValues } from '../heads/target-values.ts';
import { liesInIgnored, overlapsTruth } from './ignored.ts';
import type { DetectionLossOptions } from './options.ts';
import { scoreLoss } from './score-loss.ts';

/** Sums over a head, shape [1, 1, 1, 1] each. */
export interface HeadLoss {
  readonly box: Value;
  readonly objectness: Value;
  readonly classes: Value;
  /** Number of assigned anchor cells. */
  readonly positives: Value;
}

/**
 * Weight of each prediction's objectness loss. Background has 1, or 0 if `free`. Objects have their `share`, or 1
 * without shares. Undefined if all weights are 1.
 */
function countedShare(
  graph: GraphBuilder,
  positive: Value,
  free: Value | undefined,
  share: Value | undefined,
): Value | undefined {
  const isBound = free && graph.linear(free, -1, 1);
  if (!share) return isBound && graph.binary('maximum', positive, isBound);
  const isNone = graph.linear(positive, -1, 1);
  return graph.binary('add', share, isBound ? graph.binary('multiply', isNone, isBound) : isNone);
}

/**
 * Loss of a head's predictions.
 * @param truths [N, M, 4]: all true boxes, for the ignore rule
 * @param ignored [N, K, 4]: boxes in which nothing is trained as background
 */
export function headLoss(
  graph: GraphBuilder,
  { layer, boxes, objectness, classes }: DecodedHead,
  targets: TargetValues,
  truths: Value | undefined,
  ignored: Value | undefined,
  options: DetectionLossOptions,
): HeadLoss {
  const { box = 'ciou', ignoreThreshold = 0.7, labelSmoothing = 0, classWeights } = options;
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const { positive, classId } = targets;
  const off = boxLoss(graph, box, boxes, targets.box);
  const isSoft = [options.objectness, options.classes].some((score) => score?.target === 'overlap');
  const overlap = () => graph.linear(box === 'iou' ? off : boxLoss(graph, 'iou', boxes, targets.box), -1, 1);
  // Without gradient: otherwise, a box could move away from its truth to match a low score.
  const quality = isSoft ? graph.apply({ op: 'stopGradient' }, targets.quality ?? overlap()) : undefined;

  const isObject = options.objectness?.target === 'overlap' ? multiply(positive, quality!) : positive;
  const cost = scoreLoss(graph, options.objectness?.form ?? 'bce', objectness, isObject);
  const isIgnoring = truths && ignoreThreshold < 1;
  const free = [
    ...(isIgnoring ? [overlapsTruth(graph, boxes, truths, ignoreThreshold)] : []),
    ...(ignored ? [liesInIgnored(graph, boxes, ignored)] : []),
  ].reduce<Value | undefined>((all, one) => (all ? graph.binary('maximum', all, one) : one), undefined);
  const share = targets.weight ? multiply(positive, targets.weight) : positive;
  const countedPart = countedShare(graph, positive, free, targets.weight && share);
  const counted = countedPart ? multiply(cost, countedPart) : cost;

  const ids = graph.constant(
    Array.from({ length: layer.classes }, (_, id) => id),
    [1, 1, layer.classes, 1],
  );
  const isOfClass = graph.indicator('equal', classId, ids);
  const hoped = options.classes?.target === 'overlap' ? multiply(isOfClass, quality!) : isOfClass;
  const smoothed = labelSmoothing > 0 ? graph.linear(hoped, 1 - labelSmoothing, labelSmoothing / 2) : hoped;
  const wrong = scoreLoss(graph, options.classes?.form ?? 'bce', classes, smoothed);
  const weight = classWeights
    ? graph.reduce('sum', multiply(isOfClass, graph.constant(classWeights, [1, 1, layer.classes, 1])), [2])
    : undefined;
  const weighed = weight ? multiply(share, weight) : share;
  return {
    box: graph.reduce('sum', multiply(off, share)),
    objectness: graph.reduce('sum', counted),
    classes: graph.reduce('sum', multiply(graph.reduce('sum', wrong, [2]), weighed)),
    positives: graph.reduce('sum', positive),
  };
}
