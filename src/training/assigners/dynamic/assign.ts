import type { Size } from '../../../boxes/formats.ts';
import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import type { DecodedHead } from '../../heads/decoded-head.ts';
import type { TargetValues } from '../../heads/target-values.ts';
import type { GraphAssigner } from './graph-assigner.ts';
import { gatherPredictions, perHead } from './predictions.ts';
import { simOta } from './sim-ota.ts';
import { taskAligned } from './task-aligned.ts';
import { paddedTruths } from './truths.ts';

export const graphAssigners = {
  'sim-ota': simOta,
  'task-aligned': taskAligned,
} as const satisfies Record<string, GraphAssigner>;
/** Assigners that use predictions and therefore run in the graph. */
export type GraphAssignerName = keyof typeof graphAssigners;

export interface GraphAssignment {
  /** Targets of each head. */
  readonly targets: readonly TargetValues[];
  /** Number of truths in the batch, a scalar. */
  readonly truthCount: Value;
  /** Number of truths in the batch with an assigned prediction, a scalar. */
  readonly assigned: Value;
}

/**
 * Computes the targets of the heads from their predictions, in the graph.
 * @param edges [N, M, 4]: left, top, right, bottom in pixels; padding is 0
 * @param classIds [N, M]
 * @param weights [N, M]: weights of the truths in the loss
 */
export function assignInGraph(
  graph: GraphBuilder,
  name: GraphAssignerName,
  heads: readonly DecodedHead[],
  input: Size,
  edges: Value,
  classIds: Value,
  weights?: Value,
): GraphAssignment {
  const truths = paddedTruths(graph, edges, classIds, heads[0]!.layer.classes);
  const { owner, quality } = graphAssigners[name](graph, gatherPredictions(graph, heads, input), truths);
  // Each prediction has at most one truth, so the product picks that truth's value.
  const owned = (values: Value) =>
    perHead(graph, heads, graph.apply({ op: 'matMul', transposeA: true, transposeB: false }, values, owner));
  const { x, y, width, height } = truths.boxes;
  const [xs, ys, widths, heights] = [owned(x), owned(y), owned(width), owned(height)];
  const [classes, positives, qualities] = [
    owned(truths.classId),
    perHead(graph, heads, graph.reduce('sum', owner, [1])),
    perHead(graph, heads, quality),
  ];
  const shares = weights && owned(graph.reshape(weights, truths.classId.shape));
  return {
    targets: heads.map((_, index) => ({
      positive: positives[index]!,
      box: { x: xs[index]!, y: ys[index]!, width: widths[index]!, height: heights[index]! },
      classId: classes[index]!,
      quality: qualities[index]!,
      weight: shares?.[index],
    })),
    truthCount: graph.reduce('sum', truths.isThere),
    assigned: graph.reduce('sum', graph.reduce('max', owner, [2])),
  };
}
