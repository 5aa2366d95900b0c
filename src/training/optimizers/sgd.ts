import { gated, learningRateInput, type Optimizer, scaledSum } from './optimizer.ts';

/**
 * Stochastic gradient descent with Nesterov momentum, in PyTorch's form: v ← m·v + g; w ← w − η·(g + m·v). g includes
 * the weight decay, so its default must be much smaller than AdamW's. Scalars: `momentum`, `weightDecay`.
 */
export const sgd: Optimizer = {
  about: 'SGD with Nesterov momentum',
  weightDecay: 5e-4,
  kept: ['momentum'],
  update(graph, scalar, { value, gradient, kept, group, apply }) {
    const momentum = scalar('momentum');
    const decayed = group === 'kernels' ? scaledSum(graph, gradient, value, scalar('weightDecay')) : gradient;
    const force = apply ? graph.binary('multiply', decayed, apply) : decayed;
    const next = scaledSum(graph, force, kept('momentum'), gated(graph, momentum, apply, 1));
    const direction = scaledSum(graph, decayed, next, momentum);
    const rate = graph.linear(gated(graph, scalar(learningRateInput(group)), apply, 0), -1);
    return { value: scaledSum(graph, value, direction, rate), kept: { momentum: next } };
  },
};
