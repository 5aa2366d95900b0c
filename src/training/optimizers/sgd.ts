import { gated, keptName, learningRateInput, type Optimizer, scaledSum } from './optimizer.ts';

/**
 * Stochastic gradient descent with Nesterov momentum, in PyTorch's form: v ← m·v + g; w ← w − η·(g + m·v),
 * where g includes the weight decay, which AdamW's default would outweigh. Scalars: `momentum`, `weightDecay`.
 */
export const sgd: Optimizer = {
  about: 'SGD with Nesterov momentum',
  weightDecay: 5e-4,
  kept: ['momentum'],
  update(graph, scalar, { name, value, gradient, group, apply }) {
    const momentumName = keptName('momentum', name);
    const velocity = graph.parameter(momentumName, value.shape as readonly number[]);
    const momentum = scalar('momentum');
    const decayed = group === 'kernels' ? scaledSum(graph, gradient, value, scalar('weightDecay')) : gradient;
    const force = apply ? graph.binary('multiply', decayed, apply) : decayed;
    const next = scaledSum(graph, force, velocity, gated(graph, momentum, apply, 1));
    const direction = scaledSum(graph, decayed, next, momentum);
    const rate = graph.linear(gated(graph, scalar(learningRateInput(group)), apply, 0), -1);
    return new Map([
      [name, scaledSum(graph, value, direction, rate)],
      [momentumName, next],
    ]);
  },
};
