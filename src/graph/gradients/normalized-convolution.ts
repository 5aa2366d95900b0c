import type { Operation, Value } from '../operations.ts';
import type { InputGradients, Rule } from './rule.ts';

export function convGradients({
  graph,
  operation,
  inputs: [x, weight, bias],
  dy,
  needed,
}: Rule<Operation & { op: 'conv' }>): InputGradients {
  const { stride, padding, groups } = operation;
  const convolution = { stride, padding, groups };
  const [height, width] = x!.shape.slice(2) as [number, number];
  const kernel = weight!.shape[2] as number;
  return [
    needed[0] ? graph.apply({ op: 'convGradInput', ...convolution, height, width }, dy, weight!) : undefined,
    needed[1] ? graph.apply({ op: 'convGradFilter', ...convolution, kernel }, x!, dy) : undefined,
    needed[2] ? graph.reshape(graph.reduce('sum', dy, [0, 2, 3]), bias!.shape) : undefined,
  ];
}

/** Statistics of the batch are part of the function; running ones are constants. */
export function batchNormGradients({
  graph,
  operation,
  inputs,
  outputs,
  dy,
}: Rule<Operation & { op: 'batchNorm' | 'batchNormTraining' }>): InputGradients {
  const { epsilon } = operation;
  const [x, weight, , mean, variance] = inputs as [Value, Value, Value, Value, Value];
  if (operation.op === 'batchNormTraining') {
    const [, mean, variance] = outputs;
    return graph.record({ op: 'batchNormGrad', epsilon }, [x, weight, mean!, variance!, dy]);
  }
  const channels = weight.shape;
  const perChannel = (value: Value) => graph.reshape(value, [1, channels[0]!, 1, 1]);
  const summed = (value: Value) => graph.reshape(graph.reduce('sum', value, [0, 2, 3]), channels);
  const inverse = graph.unary('reciprocal', graph.unary('sqrt', graph.linear(variance, 1, epsilon)));
  const centered = graph.binary('subtract', x, perChannel(mean));
  const normalized = graph.binary('multiply', centered, perChannel(inverse));
  return [
    graph.binary('multiply', dy, perChannel(graph.binary('multiply', weight, inverse))),
    summed(graph.binary('multiply', dy, normalized)),
    summed(dy),
  ];
}
