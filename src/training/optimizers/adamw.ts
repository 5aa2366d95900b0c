import { gated, learningRateInput, type Optimizer, scaledSum } from './optimizer.ts';

/**
 * AdamW (https://arxiv.org/abs/1711.05101): weight decay is decoupled from the gradient. Scalars: `beta1`, `beta2`,
 * `epsilon`, `weightDecay`, `correction1` and `correction2`. The last two are the bias corrections 1 − beta1^t and
 * 1 − beta2^t of the t-th update, from 1.
 */
export const adamW: Optimizer = {
  about: 'AdamW',
  weightDecay: 0.05,
  kept: ['first', 'second'],
  update(graph, scalar, { value, gradient, kept, group, apply }) {
    const blend = (old: string, fresh: typeof value, beta: string) => {
      const keep = gated(graph, scalar(beta), apply, 1);
      return scaledSum(graph, graph.binary('multiply', kept(old), keep), fresh, graph.linear(keep, -1, 1));
    };
    const first = blend('first', gradient, 'beta1');
    const second = blend('second', graph.binary('multiply', gradient, gradient), 'beta2');
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
    return { value: scaledSum(graph, decayed, direction, rate), kept: { first, second } };
  },
};
