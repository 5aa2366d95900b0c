import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';

/** Score of what must not be chosen. A finite number: infinity times 0 is none. */
export const EXCLUDED = -1e9;

/** Places from 1 upward, along the last axis of three. */
const places = (graph: GraphBuilder, count: number) =>
  graph.constant(
    Array.from({ length: count }, (_, index) => index + 1),
    [1, 1, count],
  );

/**
 * 1 for the `k` highest scores of each row, else 0; fewer where more than the rest is excluded. Exactly `k`
 * although scores may be equal, as those of an untrained network are: of equals the first ones are chosen,
 * as a stable sort and ONNX's TopK do. What is known of the k-th score is its value only, hence a second
 * round among its equals.
 * @param scores [N, M, P], `EXCLUDED` where no choice
 * @param k [N, M, 1], whole numbers from 1 to `most`
 * @param most at most P
 */
export function chooseHighest(graph: GraphBuilder, scores: Value, k: Value, most: number): Value {
  const count = scores.shape[2] as number;
  const order = places(graph, most);
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const at = (place: Value, values: Value) => {
    const sorted = graph.apply({ op: 'topK', k: most }, values);
    return graph.reduce('sum', multiply(sorted, graph.indicator('equal', order, place)), [2]);
  };
  const last = at(k, scores);
  const above = graph.indicator('greater', scores, last);
  const left = graph.binary('subtract', k, graph.reduce('sum', above, [2]));
  const fromTheEnd = graph.linear(places(graph, count), -1, count + 1);
  const equals = multiply(graph.indicator('equal', scores, last), fromTheEnd);
  const chosen = graph.binary('add', above, graph.indicator('greaterOrEqual', equals, at(left, equals)));
  return multiply(chosen, graph.indicator('greater', scores, graph.constant(EXCLUDED)));
}
