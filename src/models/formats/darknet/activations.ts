import type { Activation } from '../../../network/builder.ts';
import type { ActivationLayer } from '../../../network/layers.ts';

/** Darknet's activations, by their names in a `.cfg`. */
export const ACTIVATIONS: Readonly<Record<string, Activation | 'linear'>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  leaky: { function: 'leakyRelu', slope: 0.1 },
  relie: { function: 'leakyRelu', slope: 0.01 },
  logistic: 'sigmoid',
  swish: 'silu',
  mish: 'mish',
  tanh: 'tanh',
  hardtan: 'hardTanh',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
};

/** Returns Darknet's name of an activation, or undefined if Darknet lacks it. */
export function darknetActivation({ function: name, slope = 0.1 }: ActivationLayer): string | undefined {
  return Object.keys(ACTIVATIONS).find((key) => {
    const known = ACTIVATIONS[key]!;
    return typeof known === 'string' ? known === name : name === 'leakyRelu' && known.slope === slope;
  });
}
