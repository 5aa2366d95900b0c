import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { GraphBuilder } from '../../graph/builder.ts';
import type { Dimension, Value } from '../../graph/operations.ts';
import type { Network } from '../../network/layers.ts';
import type { ColorValue } from '../model.ts';

/** Name of the graph's input. */
export const IMAGE_INPUT = 'image';

/** The part of an input recipe that concerns pixel values: see `InputRecipe`. */
export interface PixelScale {
  /** Order of the channels. */
  readonly colorOrder: 'rgb' | 'bgr';
  /** Subtracted from each channel, for values of 0–255. */
  readonly mean: ColorValue;
  /** Divisor of each channel, for values of 0–255. */
  readonly std: ColorValue;
}

/** Records the graph's input as photos, uint8 [N, H, W, 3], and scales them to the network's input. */
export function photograph(
  graph: GraphBuilder,
  network: Network,
  batch: Dimension,
  scale: PixelScale,
): Value {
  const [channels, height, width] = network.input;
  if (channels !== 3) {
    throw new MicroYoloError(
      'unsupported',
      `a network with ${channels} input channels, but photographs have 3`,
    );
  }
  const pixels = graph.input(IMAGE_INPUT, [batch, height, width, 3], 'uint8');
  const planes = graph.apply({ op: 'transpose', permutation: [0, 3, 1, 2] }, pixels);
  const values = graph.apply({ op: 'cast', to: 'float32' }, planes);
  const plane = (index: number) =>
    graph.apply({ op: 'slice', axis: 1, start: index, end: index + 1 }, values);
  const ordered =
    scale.colorOrder === 'rgb'
      ? values
      : graph.apply({ op: 'concat', axis: 1 }, plane(2), plane(1), plane(0));
  const { mean, std } = scale;
  if (typeof mean === 'number' && typeof std === 'number') return graph.linear(ordered, 1 / std, -mean / std);
  const of = (value: ColorValue, color: number) => (typeof value === 'number' ? value : value[color]!);
  const byColor = (make: (mean: number, std: number) => number) =>
    graph.constant(
      [0, 1, 2].map((color) => make(of(mean, color), of(std, color))),
      [1, 3, 1, 1],
    );
  const scaled = graph.binary(
    'multiply',
    ordered,
    byColor((_, std) => 1 / std),
  );
  return graph.binary(
    'add',
    scaled,
    byColor((mean, std) => -mean / std),
  );
}
