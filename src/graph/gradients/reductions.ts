import type { GraphBuilder } from '../builder.ts';
import type { Operation, Shape, Value } from '../operations.ts';
import { fixed, type Rule } from './rule.ts';

/** The gradient of a value that was repeated to dy's shape: summed over the axes it was repeated along. */
export function spread(graph: GraphBuilder, dy: Value, shape: Shape): Value {
  const added = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((size, axis) => (axis < added || shape[axis - added] !== size ? [axis] : []));
  const sum = axes.length === 0 ? dy : graph.reduce('sum', dy, axes);
  return added === 0 ? sum : graph.reshape(sum, shape);
}

export function reduceGradient({
  graph,
  operation,
  inputs: [x],
  outputs: [y],
  dy,
}: Rule<Operation & { op: 'reduce' }>): Value {
  const { shape } = x!;
  const repeat = (value: Value) => graph.apply({ op: 'expand', shape }, value);
  switch (operation.function) {
    case 'sum':
      return repeat(dy);
    case 'mean': {
      const count = operation.axes.reduce((product, axis) => product * fixed(x!, axis), 1);
      return repeat(graph.linear(dy, 1 / count));
    }
    case 'sumOfSquares':
      return graph.binary('multiply', x!, graph.linear(dy, 2));
    case 'max': {
      // Equal maxima share the gradient evenly.
      const isLargest = graph.indicator('equal', x!, y!);
      const count = graph.reduce('sum', isLargest, operation.axes);
      return graph.binary('multiply', isLargest, graph.binary('divide', dy, count));
    }
  }
}
