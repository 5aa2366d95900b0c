import type { Parameter } from '../../network/parameters.ts';

/** Groups of trainable parameters. Each has its own learning rate, and weight decay applies only to kernels. */
export type ParameterGroup = 'kernels' | 'norms' | 'biases';

/** Weights of convolutions and dense layers are kernels; scales of batch norms are norms; the rest are biases. */
export function parameterGroup({ name, shape }: Pick<Parameter, 'name' | 'shape'>): ParameterGroup {
  if (shape.length > 1) return 'kernels';
  return name.endsWith('.weight') ? 'norms' : 'biases';
}

/** Names of a run's state tensors for a parameter. */
export const stateName = {
  accumulated: (name: string) => `accumulated/${name}`,
  average: (name: string) => `average/${name}`,
} as const;

/** Name of the output with a tensor's next state. */
export const nextName = (name: string) => `next/${name}`;

/** The layer that a parameter belongs to. */
export const layerOf = (name: string) => name.slice(0, name.lastIndexOf('.'));
