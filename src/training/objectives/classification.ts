import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import type { ClassesLayer } from '../../network/layers.ts';
import { LABELS_INPUT } from '../heads/inputs.ts';
import { checkClassOptions, type DetectionLossOptions } from '../losses/options.ts';
import { softmaxCrossEntropy } from '../losses/softmax-cross-entropy.ts';
import type { Objective } from './objective.ts';

/**
 * Softmax cross-entropy of a classifier. The labels are an input of the graph, [N, classes], one-hot. Label smoothing
 * spreads its share over all classes (https://arxiv.org/abs/1512.00567). Class weights weight each image by its class.
 * @param logits input of the output layer, [N, classes] or [N, classes, 1, 1]
 * @throws MicroYoloError `invalid-argument` for invalid options
 */
export function classificationObjective(
  graph: GraphBuilder,
  { classes }: ClassesLayer,
  logits: Value,
  options: Pick<DetectionLossOptions, 'labelSmoothing' | 'classWeights'> = {},
): Objective {
  checkClassOptions(options, classes);
  const { labelSmoothing: smoothing = 0, classWeights } = options;
  const batch = logits.shape[0] as number;
  const flat = graph.reshape(logits, [batch, classes]);
  const labels = graph.input(LABELS_INPUT, [batch, classes]);
  const targets = smoothing === 0 ? labels : graph.linear(labels, 1 - smoothing, smoothing / classes);
  const each = softmaxCrossEntropy(graph, flat, targets);
  const weights =
    classWeights && graph.binary('multiply', labels, graph.constant(classWeights, [1, classes]));
  const weighed = weights ? graph.binary('multiply', each, graph.reduce('sum', weights, [1])) : each;
  const loss = graph.reduce('mean', weighed, [0]);
  const own = graph.reduce('sum', graph.binary('multiply', labels, flat), [1]);
  const isRight = graph.indicator('greaterOrEqual', own, graph.reduce('max', flat, [1]));
  return {
    loss,
    metrics: { 'loss.classes': loss, accuracy: graph.reduce('mean', isRight) },
    parameters: [],
  };
}
