import { INPUT, type Layer, type Network } from '../layers.ts';
import { inferShapes } from '../shapes.ts';

/** Which channels can only be removed together: those of one number; `FIXED` ones cannot be removed at all. */
export interface ChannelTies {
  /** By layer, for each channel of its output the number of its unit. `input` included. */
  readonly units: ReadonlyMap<string, Int32Array>;
}

export const FIXED = -1;

/** Channels in classes that grow together (union-find); class 0 is that of fixed channels. */
class Classes {
  readonly #parents: number[] = [0];

  /** Numbers of as many new channels, each in a class of its own. */
  add(count: number): Int32Array {
    const first = this.#parents.length;
    for (let i = 0; i < count; i++) this.#parents.push(first + i);
    return Int32Array.from({ length: count }, (_, i) => first + i);
  }

  find(channel: number): number {
    let root = channel;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    // Later searches from here take one step.
    while (this.#parents[channel] !== root) {
      const next = this.#parents[channel]!;
      this.#parents[channel] = root;
      channel = next;
    }
    return root;
  }

  tie(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    // The lower number stays the root: whatever is tied to 0 is fixed.
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  fix(channels: Int32Array): void {
    for (const channel of channels) this.tie(0, channel);
  }

  /** Ties channels at the same place of each of equal parts: of grouped convolutions and shuffles. */
  tieParts(channels: Int32Array, parts: number): void {
    const size = channels.length / parts;
    for (let i = size; i < channels.length; i++) this.tie(channels[i]!, channels[i % size]!);
  }
}

/** The channels that a layer gives, by the numbers of those that it reads. */
function trace(classes: Classes, layer: Layer, inputs: readonly Int32Array[], out: number): Int32Array {
  const [first, second] = inputs as [Int32Array, Int32Array | undefined];
  switch (layer.type) {
    case 'conv': {
      const made = classes.add(out);
      if (layer.groups === 1) return made;
      if (layer.groups === first.length) {
        const multiplier = out / first.length;
        made.forEach((channel, i) => void classes.tie(channel, first[Math.floor(i / multiplier)]!));
        return made;
      }
      // Groups stay of equal sizes.
      classes.tieParts(first, layer.groups);
      classes.tieParts(made, layer.groups);
      return made;
    }
    case 'dense':
      return classes.add(out);
    case 'batchNorm':
    case 'activation':
    case 'maxPool':
    case 'avgPool':
    case 'globalAvgPool':
    case 'upsample':
    case 'dropout':
      return first;
    case 'concat': {
      const joined = new Int32Array(out);
      let offset = 0;
      for (const part of inputs) {
        joined.set(part, offset);
        offset += part.length;
      }
      return joined;
    }
    case 'slice':
      return first.subarray(layer.start, layer.end);
    case 'shuffle': {
      const { groups } = layer;
      classes.tieParts(first, groups);
      const size = first.length / groups;
      return first.map((_, i) => first[(i % groups) * size + Math.floor(i / groups)]!);
    }
    case 'add':
      first.forEach((channel, i) => void classes.tie(channel, second![i]!));
      return first;
    case 'multiply':
      if (second!.length === first.length) {
        first.forEach((channel, i) => void classes.tie(channel, second![i]!));
      } else {
        // One gate for all channels: they need it as long as one of them is left.
        classes.fix(second!);
      }
      return first;
    case 'yolo':
    case 'region':
    case 'classes':
      classes.fix(first);
      return first;
  }
}

/**
 * Finds which channels of a network can only be removed together, from its description alone: those that are added or
 * multiplied, a depthwise convolution's and its input's, the same place of each group, everything that an output reads.
 * @throws MicroYoloError `invalid-network` if the layers do not fit each other
 */
export function channelTies(network: Network): ChannelTies {
  const shapes = inferShapes(network);
  const classes = new Classes();
  const channels = new Map([[INPUT, classes.add(network.input[0])]]);
  classes.fix(channels.get(INPUT)!);
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => channels.get(name)!);
    channels.set(layer.name, trace(classes, layer, inputs, shapes.get(layer.name)![0]));
  }
  const units = [...channels].map(
    ([name, ids]) => [name, ids.map((id) => classes.find(id) || FIXED)] as const,
  );
  return { units: new Map(units) };
}
