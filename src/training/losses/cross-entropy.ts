import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';

/** Binary cross-entropy −t·log σ(x) − (1 − t)·log(1 − σ(x)) of logits x and targets t in [0, 1], in nats. */
export function binaryCrossEntropy(graph: GraphBuilder, logits: Value, targets: Value): Value {
  return graph.binary('subtract', graph.unary('softplus', logits), graph.binary('multiply', logits, targets));
}

/**
 * Focal loss (https://arxiv.org/abs/1708.02002), without the paper's α: (1 − p)^γ times the binary cross-entropy. p is
 * the predicted probability of the target, σ·t + (1 − σ)·(1 − t).
 * @param gamma > 0
 */
export function focalLoss(graph: GraphBuilder, logits: Value, targets: Value, gamma: number): Value {
  const entropy = binaryCrossEntropy(graph, logits, targets);
  const score = graph.unary('sigmoid', logits);
  // 1 − p = σ + t − 2σt. For γ = 2, a square replaces the power.
  const missed = graph.binary('add', targets, graph.binary('multiply', score, graph.linear(targets, -2, 1)));
  if (gamma === 2) return graph.binary('multiply', graph.binary('multiply', missed, missed), entropy);
  const power = graph.unary('exp', graph.linear(graph.unary('log', graph.linear(missed, 1, 1e-12)), gamma));
  return graph.binary('multiply', power, entropy);
}
