import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import { type CenterBoxes, TINY } from '../../heads/box-overlap.ts';

/** IoU of every truth [N, M, 1] with every prediction [N, 1, P]: [N, M, P]. */
export function pairOverlap(graph: GraphBuilder, truths: CenterBoxes, predicted: CenterBoxes): Value {
  const axis = (center: 'x' | 'y', side: 'width' | 'height') => {
    const ends = (name: 'add' | 'subtract', boxes: CenterBoxes) =>
      graph.binary(name, boxes[center], graph.linear(boxes[side], 0.5));
    const from = graph.binary('maximum', ends('subtract', truths), ends('subtract', predicted));
    const until = graph.binary('minimum', ends('add', truths), ends('add', predicted));
    return graph.unary('relu', graph.binary('subtract', until, from));
  };
  const area = ({ width, height }: CenterBoxes) => graph.binary('multiply', width, height);
  const intersection = graph.binary('multiply', axis('x', 'width'), axis('y', 'height'));
  const areas = graph.binary('add', area(truths), area(predicted));
  const union = graph.linear(graph.binary('subtract', areas, intersection), 1, TINY);
  return graph.binary('divide', intersection, union);
}

/** Distances between centers along each axis, [N, M, P], in pixels. */
export interface CenterDistances {
  readonly x: Value;
  readonly y: Value;
}

export function centerDistances(graph: GraphBuilder, truths: CenterBoxes, cells: CenterBoxes) {
  const distance = (axis: 'x' | 'y') =>
    graph.unary('abs', graph.binary('subtract', cells[axis], truths[axis]));
  return { x: distance('x'), y: distance('y') } satisfies CenterDistances;
}

/** 1 where both distances are less than (`orEqual`: at most) the half width and half height, otherwise 0. */
export function areWithin(
  graph: GraphBuilder,
  distances: CenterDistances,
  [halfWidth, halfHeight]: readonly [Value, Value],
  orEqual = false,
): Value {
  const outside = graph.binary(
    'maximum',
    graph.binary('subtract', distances.x, halfWidth),
    graph.binary('subtract', distances.y, halfHeight),
  );
  return graph.indicator(orEqual ? 'lessOrEqual' : 'less', outside, graph.constant(0));
}
