import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';

/** Score of entries that must not be chosen. Finite, because infinity times 0 is NaN. */
export const EXCLUDED = -1e9;

/** Numbers from 1 to `count`, shape [1, 1, count]. */
const places = (graph: GraphBuilder, count: number) =>
  graph.constant(
    Array.from({ length: count }, (_, index) => index + 1),
    [1, 1, count],
  );

/**
 * Marks the `k` highest scores of each row with 1, and all others with 0. `EXCLUDED` scores are never marked, so there
 * may be fewer than `k`. Ties, which are common in untrained networks, go to the first scores, as with a stable sort
 * and ONNX's TopK. TopK gives only the value of the k-th score, so a second round chooses among scores with this value.
 * @param scores [N, M, P], `EXCLUDED` for entries that must not be chosen
 * @param k [N, M, 1], whole numbers from 1 to `most`
 * @param most maximum of k, at most P
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
