import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Layer, Network } from '../layers.ts';
import type { LayerChannel } from './groups.ts';
import { keptParameters, type ParameterTensor } from './kept-parameters.ts';
import { channelTies, FIXED } from './ties.ts';

/** A network with some channels removed, and a function that converts its tensors. */
export interface ThinnedNetwork {
  /** The thinner network. */
  readonly network: Network;
  /** Kept channels, by layer (including `input`): their indices in the old network, in rising order. */
  readonly kept: ReadonlyMap<string, readonly number[]>;
  /**
   * Converts tensors of the old network to the thinner one: weights, running statistics, and training state with a
   * prefix, such as `average/NAME`. Tensors that belong to no parameter do not change.
   */
  thin<T extends ParameterTensor>(tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T>;
}

/** Returns the numbers of the units to remove. */
function removedUnits(
  network: Network,
  units: ReadonlyMap<string, Int32Array>,
  channels: Iterable<LayerChannel>,
): ReadonlySet<number> {
  const removed = new Set<number>();
  for (const { layer, channel } of channels) {
    const unit = units.get(layer)?.[channel];
    const fail = (problem: string) =>
      new MicroYoloError('invalid-argument', `channel ${channel} of ${layer}: ${problem}`);
    if (unit === undefined)
      throw fail(`${network.name} has no such channel; \`micro-yolo info\` lists layers`);
    if (unit === FIXED) throw fail('is used by an output; choose channels that can be removed');
    removed.add(unit);
  }
  return removed;
}

/** Returns a layer, reduced to its kept channels. */
function thinLayer(
  layer: Layer,
  kept: readonly number[],
  inputs: readonly (readonly number[])[],
  inChannels: number,
): Layer {
  switch (layer.type) {
    case 'conv': {
      const isDepthwise = layer.groups > 1 && layer.groups === inChannels;
      return { ...layer, outChannels: kept.length, groups: isDepthwise ? inputs[0]!.length : layer.groups };
    }
    case 'dense':
      return { ...layer, outFeatures: kept.length };
    case 'slice': {
      const start = inputs[0]!.filter((channel) => channel < layer.start).length;
      return { ...layer, start, end: start + kept.length };
    }
    case 'batchNorm':
    case 'activation':
    case 'maxPool':
    case 'avgPool':
    case 'globalAvgPool':
    case 'upsample':
    case 'concat':
    case 'shuffle':
    case 'add':
    case 'multiply':
    case 'dropout':
    case 'yolo':
    case 'region':
    case 'classes':
      return layer;
  }
}

/**
 * Removes channels from a network, with all channels that depend on them.
 * @throws MicroYoloError `invalid-argument` for a channel that does not exist, that an output needs, or that is the
 *   last one of a layer
 */
export function removeChannels(network: Network, channels: Iterable<LayerChannel>): ThinnedNetwork {
  const { units } = channelTies(network);
  const removed = removedUnits(network, units, channels);
  const kept = new Map(
    [...units].map(([name, ids]): [string, readonly number[]] => [
      name,
      [...ids.keys()].filter((channel) => !removed.has(ids[channel]!)),
    ]),
  );
  const empty = network.layers.find(({ name }) => kept.get(name)!.length === 0);
  if (empty) {
    throw new MicroYoloError(
      'invalid-argument',
      `layer ${empty.name}: none of its ${units.get(empty.name)!.length} channels would stay, expected at least one; remove fewer`,
    );
  }
  const layers = network.layers.map((layer) => {
    const inputs = layer.inputs.map((name) => kept.get(name)!);
    return thinLayer(layer, kept.get(layer.name)!, inputs, units.get(layer.inputs[0]!)!.length);
  });
  const thinned = { ...network, layers };
  return {
    network: thinned,
    kept,
    thin: (tensors) => keptParameters(network, kept, tensors),
  };
}
