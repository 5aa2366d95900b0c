import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';

/** Boxes as four tensors of the same shape: center and sides, in pixels. */
export interface CenterBoxes {
  readonly x: Value;
  readonly y: Value;
  readonly width: Value;
  readonly height: Value;
}

/**
 * Loss of a box: 1 − overlap, plus penalties. `giou`: https://arxiv.org/abs/1902.09630. `diou` and `ciou`:
 * https://arxiv.org/abs/1911.08287.
 */
export type BoxLoss = 'iou' | 'giou' | 'diou' | 'ciou';

/** Keeps quotients finite if both boxes are empty. In square pixels. */
export const TINY = 1e-7;

/** Element-wise 1 − IoU (GIoU, DIoU, CIoU) of boxes. Shapes may broadcast. */
export function boxLoss(
  graph: GraphBuilder,
  kind: BoxLoss,
  predicted: CenterBoxes,
  truth: CenterBoxes,
): Value {
  const add = (a: Value, b: Value) => graph.binary('add', a, b);
  const subtract = (a: Value, b: Value) => graph.binary('subtract', a, b);
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const divide = (a: Value, b: Value) => graph.binary('divide', a, b);
  const square = (a: Value) => multiply(a, a);
  const edges = (center: Value, side: Value) => {
    const half = graph.linear(side, 0.5);
    return [subtract(center, half), add(center, half)] as const;
  };
  const axis = (name: 'x' | 'y', side: 'width' | 'height') => {
    const [start, end] = edges(predicted[name], predicted[side]);
    const [trueStart, trueEnd] = edges(truth[name], truth[side]);
    const shared = subtract(graph.binary('minimum', end, trueEnd), graph.binary('maximum', start, trueStart));
    const hull = subtract(graph.binary('maximum', end, trueEnd), graph.binary('minimum', start, trueStart));
    return { shared: graph.unary('relu', shared), hull };
  };
  const [horizontal, vertical] = [axis('x', 'width'), axis('y', 'height')];
  const intersection = multiply(horizontal.shared, vertical.shared);
  const areas = add(multiply(predicted.width, predicted.height), multiply(truth.width, truth.height));
  const union = graph.linear(subtract(areas, intersection), 1, TINY);
  const iou = divide(intersection, union);
  const loss = graph.linear(iou, -1, 1);
  switch (kind) {
    case 'iou':
      return loss;
    case 'giou': {
      const hull = graph.linear(multiply(horizontal.hull, vertical.hull), 1, TINY);
      return add(loss, divide(subtract(hull, union), hull));
    }
    case 'diou':
    case 'ciou': {
      const diagonal = graph.linear(add(square(horizontal.hull), square(vertical.hull)), 1, TINY);
      const distance = add(square(subtract(predicted.x, truth.x)), square(subtract(predicted.y, truth.y)));
      const apart = add(loss, divide(distance, diagonal));
      if (kind === 'diou') return apart;
      const angle = ({ width, height }: CenterBoxes) =>
        graph.unary('arctan', divide(width, graph.linear(height, 1, TINY)));
      const aspect = graph.linear(square(subtract(angle(truth), angle(predicted))), 4 / Math.PI ** 2);
      // The trade-off parameter gets no gradient (https://arxiv.org/abs/1911.08287, equation 11).
      const weight = graph.apply(
        { op: 'stopGradient' },
        divide(aspect, graph.linear(add(loss, aspect), 1, TINY)),
      );
      return add(apart, multiply(weight, aspect));
    }
  }
}
