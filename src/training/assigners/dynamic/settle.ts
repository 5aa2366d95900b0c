import type { GraphBuilder } from '../../../graph/builder.ts';
import type { Value } from '../../../graph/operations.ts';
import { EXCLUDED } from './choose-highest.ts';

/**
 * Resolves conflicts: a prediction that several truths chose goes to the truth with the highest preference, or the
 * first one if equal. The second of two identical truths gets none.
 * @param chosen [N, M, P]: 1 if the truth chose the prediction, otherwise 0
 * @param preference [N, M, P], above `EXCLUDED`
 * @returns [N, M, P]: 1 if the prediction is assigned to the truth, at most one truth per prediction
 */
export function settle(graph: GraphBuilder, chosen: Value, preference: Value): Value {
  const truths = chosen.shape[1] as number;
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const isChosen = graph.compare('greater', chosen, graph.constant(0));
  const wanted = graph.where(isChosen, preference, graph.constant(EXCLUDED));
  const isBest = graph.indicator('equal', wanted, graph.reduce('max', wanted, [1]));
  const fromTheEnd = graph.constant(
    Array.from({ length: truths }, (_, index) => truths - index),
    [1, truths, 1],
  );
  const place = multiply(multiply(isBest, chosen), fromTheEnd);
  const first = graph.indicator('equal', place, graph.reduce('max', place, [1]));
  return multiply(first, chosen);
}
