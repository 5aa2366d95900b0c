import type { Operation, Value } from '../operations.ts';
import { spread } from './reductions.ts';
import type { InputGradients, Rule } from './rule.ts';

/** Of https://arxiv.org/abs/1706.02515: scale · (x where x > 0, else alpha · (exp(x) − 1)). */
export const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 } as const;

export function unaryGradient({
  graph,
  operation,
  inputs: [x],
  outputs: [y],
  dy,
}: Rule<Operation & { op: 'unary' }>): Value {
  const times = (factor: Value) => graph.binary('multiply', dy, factor);
  const square = (value: Value) => graph.binary('multiply', value, value);
  const zero = () => graph.constant(0);
  switch (operation.function) {
    case 'relu':
      return graph.apply({ op: 'leakyReluGrad', slope: 0 }, y!, dy);
    case 'sigmoid':
      return times(graph.binary('multiply', y!, graph.linear(y!, -1, 1)));
    case 'tanh':
      return times(graph.linear(square(y!), -1, 1));
    case 'softplus':
      return times(graph.unary('sigmoid', x!));
    case 'elu': {
      const below = times(graph.linear(y!, 1, 1));
      return graph.where(graph.compare('greater', x!, zero()), dy, below);
    }
    case 'selu': {
      const below = times(graph.linear(y!, 1, SELU.scale * SELU.alpha));
      return graph.where(graph.compare('greater', x!, zero()), graph.linear(dy, SELU.scale), below);
    }
    case 'exp':
      return times(y!);
    case 'log':
      return graph.binary('divide', dy, x!);
    case 'sqrt':
      return graph.binary('divide', graph.linear(dy, 0.5), y!);
    case 'reciprocal':
      return times(graph.linear(square(y!), -1));
    case 'abs': {
      const sign = graph.binary(
        'subtract',
        graph.indicator('greater', x!, zero()),
        graph.indicator('less', x!, zero()),
      );
      return times(sign);
    }
    case 'arctan':
      return graph.binary('divide', dy, graph.linear(square(x!), 1, 1));
  }
}

export function binaryGradients({
  graph,
  operation,
  inputs: [a, b],
  outputs: [y],
  dy,
  needed,
}: Rule<Operation & { op: 'binary' }>): InputGradients {
  const to = (target: Value, gradient: () => Value, isNeeded: boolean | undefined) =>
    isNeeded ? spread(graph, gradient(), target.shape) : undefined;
  const both = (ofA: () => Value, ofB: () => Value) => [to(a!, ofA, needed[0]), to(b!, ofB, needed[1])];
  const times = (left: Value, right: Value) => graph.binary('multiply', left, right);
  switch (operation.function) {
    case 'add':
      return both(
        () => dy,
        () => dy,
      );
    case 'subtract':
      return both(
        () => dy,
        () => graph.linear(dy, -1),
      );
    case 'multiply':
      return both(
        () => times(dy, b!),
        () => times(dy, a!),
      );
    case 'divide':
      return both(
        () => graph.binary('divide', dy, b!),
        () => graph.linear(times(graph.binary('divide', dy, b!), y!), -1),
      );
    case 'maximum':
    case 'minimum': {
      // The chosen one takes the gradient; equals take half each.
      const [strictly, weakly] =
        operation.function === 'maximum'
          ? (['greater', 'greaterOrEqual'] as const)
          : (['less', 'lessOrEqual'] as const);
      const share = graph.linear(
        graph.binary('add', graph.indicator(strictly, a!, b!), graph.indicator(weakly, a!, b!)),
        0.5,
      );
      return both(
        () => times(dy, share),
        () => times(dy, graph.linear(share, -1, 1)),
      );
    }
  }
}

export function whereGradients({
  graph,
  inputs: [condition, a, b],
  dy,
  needed,
}: Rule<Operation & { op: 'where' }>): InputGradients {
  const zero = graph.constant(0);
  return [
    undefined,
    needed[1] ? spread(graph, graph.where(condition!, dy, zero), a!.shape) : undefined,
    needed[2] ? spread(graph, graph.where(condition!, zero, dy), b!.shape) : undefined,
  ];
}
