import type { ColorValue, InputRecipe } from '../../model.ts';

/** A 1×1 convolution of an image's three colors. */
export interface PixelMatrix {
  /** Shape [3, 3]. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** Returns the matrix that converts Darknet's RGB from 0 to 1 to a recipe's values, or undefined if they are equal. */
export function pixelMatrix({ colorOrder, mean, std }: InputRecipe): PixelMatrix | undefined {
  const of = (value: ColorValue, color: number) => (typeof value === 'number' ? value : value[color]!);
  const order = colorOrder === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  const factors = order.map((_, channel) => 255 / of(std, channel));
  const bias = Float32Array.from(order, (_, channel) => -of(mean, channel) / of(std, channel));
  if (colorOrder === 'rgb' && factors.every((factor) => factor === 1) && bias.every((value) => value === 0)) {
    return undefined;
  }
  const weight = new Float32Array(9);
  for (const [channel, color] of order.entries()) weight[3 * channel + color] = factors[channel]!;
  return { weight, bias };
}
