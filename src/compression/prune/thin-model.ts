import type { Tensors } from '../../graph/operations.ts';
import type { ChannelGroup } from '../../network/channels/groups.ts';
import { channelGroups } from '../../network/channels/groups.ts';
import { removeChannels } from '../../network/channels/remove.ts';
import type { Network } from '../../network/layers.ts';
import { groupImportance, type ImportanceOptions, leastImportant } from './importance.ts';

/** A network and weights that can be pruned. */
export interface Prunable {
  readonly network: Network;
  readonly weights: Tensors;
}

/** A group of channels and its width. */
export interface Width {
  readonly group: ChannelGroup;
  /** Channels of its widest layer. */
  readonly channels: number;
  /** Channels of that layer in each unit. */
  readonly perUnit: number;
}

/** Returns the groups of a network with their widths. */
export function widths(network: Network): readonly Width[] {
  return channelGroups(network).map((group) => {
    const counts = new Map<string, number>();
    for (const { layer } of group.units[0]!) counts.set(layer, (counts.get(layer) ?? 0) + 1);
    const perUnit = Math.max(...counts.values());
    return { group, perUnit, channels: perUnit * group.units.length };
  });
}

/**
 * Returns the next smaller width, which is lower by about a share of the width. It is a multiple of the runtime's
 * block, and at least one block. Undefined if there is none.
 * @param share share of the width to remove; 0 for one block
 */
export function narrower({ channels, perUnit }: Width, block: number, share: number): number | undefined {
  const wanted = Math.floor((channels * (1 - share)) / block) * block;
  const next = Math.min(wanted, Math.ceil(channels / block) * block - block);
  // With several channels per unit, the width can only be near a multiple.
  const least = Math.max(block, perUnit);
  if (channels <= least) return undefined;
  const target = Math.max(next, least);
  return target < channels ? target : undefined;
}

/** Returns a model with a group narrowed to a number of channels. The least important ones are removed. */
export function narrow<Model extends Prunable>(
  model: Model,
  { group, perUnit }: Width,
  channels: number,
  options: ImportanceOptions,
): Model {
  const stay = Math.max(1, Math.floor(channels / perUnit));
  const importance = groupImportance(group, model.weights, options);
  const removed = leastImportant(importance, group.units.length - stay);
  const thin = removeChannels(
    model.network,
    removed.map((place) => group.units[place]![0]!),
  );
  return { ...model, network: thin.network, weights: thin.thin(model.weights) };
}
