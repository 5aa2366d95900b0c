import { gated, keptName, learningRateInput, type Optimizer, scaledSum } from './optimizer.ts';

/**
 * AdamW, https://arxiv.org/abs/1711.05101: decay acts on the weights, apart from the gradient. Scalars:
 * `beta1`, `beta2`, `epsilon`, `weightDecay`, and the corrections `correction1` = 1 − beta1^t and
 * `correction2` = 1 − beta2^t of the t-th update, from 1.
 */
export const adamW: Optimizer = {
  about: 'AdamW',
  weightDecay: 0.05,
  kept: ['first', 'second'],
  update(graph, scalar, { name, value, gradient, group, apply }) {
    const shape = value.shape as readonly number[];
    const [firstName, secondName] = [keptName('first', name), keptName('second', name)];
    const blend = (old: string, fresh: typeof value, beta: string) => {
      const keep = gated(graph, scalar(beta), apply, 1);
      const kept = graph.binary('multiply', graph.parameter(old, shape), keep);
      return scaledSum(graph, kept, fresh, graph.linear(keep, -1, 1));
    };
    const first = blend(firstName, gradient, 'beta1');
    const second = blend(secondName, graph.binary('multiply', gradient, gradient), 'beta2');
    const divide = (a: typeof value, b: typeof value) => graph.binary('divide', a, b);
    const deviation = graph.binary(
      'add',
      graph.unary('sqrt', divide(second, scalar('correction2'))),
      scalar('epsilon'),
    );
    const direction = divide(divide(first, scalar('correction1')), deviation);
    const rate = graph.linear(gated(graph, scalar(learningRateInput(group)), apply, 0), -1);
    const decayed =
      group === 'kernels'
        ? scaledSum(graph, value, value, graph.binary('multiply', rate, scalar('weightDecay')))
        : value;
    return new Map([
      [name, scaledSum(graph, decayed, direction, rate)],
      [firstName, first],
      [secondName, second],
    ]);
  },
};
