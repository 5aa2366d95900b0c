import { elementCount } from '../../../src/foundation/element-count.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import type { Tensor, Tensors } from '../../../src/graph/operations.ts';
import { type ChannelGroup, channelGroups, type LayerChannel } from '../../../src/network/channels/groups.ts';
import { removeChannels, type ThinnedNetwork } from '../../../src/network/channels/remove.ts';
import { kernelSides, type Network } from '../../../src/network/layers.ts';
import { inferShapes } from '../../../src/network/shapes.ts';

/** About `share` of the units of each group, drawn by the seed; at least one unit stays. */
export function someChannels(
  groups: readonly ChannelGroup[],
  share: number,
  seed: number,
): readonly LayerChannel[] {
  const random = uniformRandom(seed);
  return groups.flatMap(({ units }) => {
    const drawn = units.filter(() => random() < share);
    return drawn.slice(0, units.length - 1).map((unit) => unit[0]!);
  });
}

/** Removes some channels of each group, or of those that pass the filter. */
export function thinned(network: Network, { share = 0.4, seed = 3 } = {}): ThinnedNetwork {
  return removeChannels(network, someChannels(channelGroups(network), share, seed));
}

/**
 * Weights with zeros for inputs from removed channels in convolutions and dense layers, which mix channels.
 * Layers that keep channels apart lose the channel itself.
 */
export function withoutReaders(network: Network, { kept }: ThinnedNetwork, weights: Tensors): Tensors {
  const shapes = inferShapes(network);
  const zeroed = new Map(weights);
  for (const layer of network.layers) {
    if (layer.type !== 'conv' && layer.type !== 'dense') continue;
    const [channels, height, width] = shapes.get(layer.inputs[0]!)!;
    const groups = layer.type === 'conv' ? layer.groups : 1;
    if (groups > 1 && groups === channels) continue;
    const name = `${layer.name}.weight`;
    const { shape, data } = weights.get(name) as Tensor;
    const stays = new Set(kept.get(layer.inputs[0]!));
    const rows = shape[0]!;
    const columns = elementCount(shape) / rows;
    const each = layer.type === 'conv' ? elementCount(kernelSides(layer.kernel)) : height * width;
    const values = data.slice();
    for (let row = 0; row < rows; row++) {
      const first = Math.floor((row * groups) / rows) * (channels / groups);
      for (let column = 0; column < columns; column++) {
        if (!stays.has(first + Math.floor(column / each))) values[row * columns + column] = 0;
      }
    }
    zeroed.set(name, { shape, data: values });
  }
  return zeroed;
}
