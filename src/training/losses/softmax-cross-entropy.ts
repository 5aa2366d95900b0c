import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';

/**
 * Softmax cross-entropy −Σ t·log softmax(x) of each image, in nats.
 * @param logits [N, classes]
 * @param targets [N, classes], each row is a probability distribution
 * @returns [N, 1]
 */
export function softmaxCrossEntropy(graph: GraphBuilder, logits: Value, targets: Value): Value {
  const largest = graph.apply({ op: 'stopGradient' }, graph.reduce('max', logits, [1]));
  const shifted = graph.binary('subtract', logits, largest);
  const logOfSum = graph.unary('log', graph.reduce('sum', graph.unary('exp', shifted), [1]));
  const surprise = graph.binary('subtract', logOfSum, shifted);
  return graph.reduce('sum', graph.binary('multiply', targets, surprise), [1]);
}
