import { elementCount } from '../../foundation/element-count.ts';
import { kernelSides } from '../../network/layers.ts';
import { layerShape } from '../../network/shapes.ts';
import type { Method, SplitLayer } from './kernel.ts';

/** Cost to be reduced: learned parameters, or multiply-accumulates. */
export const COSTS = ['parameters', 'macs'] as const;
export type CostKind = (typeof COSTS)[number];

/** Returns the cost of a layer's kernel. */
export function kernelCost({ layer, input, weight }: SplitLayer, kind: CostKind): number {
  const [, height, width] = layerShape(layer, [input]);
  return weight.data.length * (kind === 'macs' ? height * width : 1);
}

/** Returns the cost of a layer's kernel when decomposed. */
export function factorCost(
  { layer, input, weight }: SplitLayer,
  method: Method,
  ranks: readonly number[],
  kind: CostKind,
): number {
  const [outputs, inputs] = weight.shape as [number, number];
  const [tall, wide] = layer.type === 'conv' ? kernelSides(layer.kernel) : [1, 1];
  const [, height, width] = layerShape(layer, [input]);
  const isMacs = kind === 'macs';
  const output = isMacs ? height * width : 1;
  const [first, second] = ranks as [number, number];
  switch (method) {
    case 'svd':
      // A dense layer reads all pixels as inputs.
      return first * (weight.data.length / outputs + outputs) * output;
    case 'spatial':
      return first * inputs * tall * (isMacs ? height * input[2] : 1) + first * outputs * wide * output;
    case 'tucker':
      return (
        inputs * first * (isMacs ? input[1] * input[2] : 1) +
        (first * second * elementCount([tall, wide]) + second * outputs) * output
      );
  }
}
