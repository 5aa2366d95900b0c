import type { Network } from '../layers.ts';
import { channelTies, FIXED } from './ties.ts';

/** One channel of a layer's output. */
export interface LayerChannel {
  /** Name of the layer. */
  readonly layer: string;
  /** Index of the channel, from 0. */
  readonly channel: number;
}

/** Channels that can only be removed together. */
export type ChannelUnit = readonly LayerChannel[];

/** Similar units: all have channels of the same layers. */
export interface ChannelGroup {
  /**
   * Name of the first layer that produces its channels, unique in the network: if a layer has channels in several groups,
   * all but one end with `#2`, `#3` … Removing channels does not change the names.
   */
  readonly name: string;
  /** Names of convolutions, dense layers and batch norms with channels in each unit, in the network's order. */
  readonly layers: readonly string[];
  /** Units, in the order of their channels. Each layer must keep at least one channel. */
  readonly units: readonly ChannelUnit[];
}

/**
 * Returns the removable channels of a network, in units and groups. Channels of outputs and of the image are not
 * removable.
 * @throws MicroYoloError `invalid-network` if the layers do not fit each other
 */
export function channelGroups(network: Network): readonly ChannelGroup[] {
  const { units } = channelTies(network);
  const members = new Map<number, LayerChannel[]>();
  for (const { name, type } of network.layers) {
    if (type !== 'conv' && type !== 'dense' && type !== 'batchNorm') continue;
    units.get(name)!.forEach((unit, channel) => {
      if (unit === FIXED) return;
      const found = members.get(unit);
      if (found) found.push({ layer: name, channel });
      else members.set(unit, [{ layer: name, channel }]);
    });
  }
  const groups = new Map<string, ChannelUnit[]>();
  for (const unit of members.values()) {
    const key = JSON.stringify(unit.map(({ layer }) => layer));
    const found = groups.get(key);
    if (found) found.push(unit);
    else groups.set(key, [unit]);
  }
  const names = groupNames([...groups.keys()]);
  return [...groups].map(([key, found]) => ({
    name: names.get(key)!,
    layers: [...new Set(found[0]!.map(({ layer }) => layer))],
    units: found,
  }));
}

/** Names of groups, by their layers as JSON. Sorted by these, because the order of channels changes when some are removed. */
function groupNames(keys: readonly string[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const named = keys.toSorted().map((key) => {
    const [first] = JSON.parse(key) as [string];
    const count = (counts.get(first) ?? 0) + 1;
    counts.set(first, count);
    return [key, count === 1 ? first : `${first}#${count}`] as const;
  });
  return new Map(named);
}
