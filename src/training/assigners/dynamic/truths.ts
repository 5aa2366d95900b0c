import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import type { CenterBoxes } from '../../heads/box-overlap.ts';

/** True objects of a batch, padded to M per image. */
export interface PaddedTruths {
  /** Boxes, [N, M, 1] each. */
  readonly boxes: CenterBoxes;
  /** [N, M, 1]: 1 for a truth, 0 for padding. */
  readonly isThere: Value;
  /** Index of the class, [N, M, 1]. */
  readonly classId: Value;
  /** [N, M, C]: one-hot classes. */
  readonly classes: Value;
}

/**
 * @param edges [N, M, 4]: left, top, right, bottom in pixels; padding is 0
 * @param classIds [N, M]
 */
export function paddedTruths(
  graph: GraphBuilder,
  edges: Value,
  classIds: Value,
  classCount: number,
): PaddedTruths {
  const [batch, count] = edges.shape as [number, number, number];
  const [left, top, right, bottom] = graph.record({ op: 'split', axis: 2, sizes: [1, 1, 1, 1] }, [edges]) as [
    Value,
    Value,
    Value,
    Value,
  ];
  const middle = (start: Value, end: Value) => graph.linear(graph.binary('add', start, end), 0.5);
  const [width, height] = [graph.binary('subtract', right, left), graph.binary('subtract', bottom, top)];
  const shorter = graph.binary('minimum', width, height);
  const classId = graph.reshape(classIds, [batch, count, 1]);
  const ids = graph.constant(
    Array.from({ length: classCount }, (_, id) => id),
    [1, 1, classCount],
  );
  return {
    boxes: { x: middle(left, right), y: middle(top, bottom), width, height },
    isThere: graph.indicator('greater', shorter, graph.constant(0)),
    classId,
    classes: graph.indicator('equal', classId, ids),
  };
}
