import { INPUT, type Layer, type Network } from '../layers.ts';
import { inferShapes } from '../shapes.ts';

/** Which channels can only be removed together: those with the same unit number. Unit `FIXED` cannot be removed. */
export interface ChannelTies {
  /** Unit number of each output channel, by layer. Includes `input`. */
  readonly units: ReadonlyMap<string, Int32Array>;
}

export const FIXED = -1;

/** A union-find structure over channels. Class 0 contains the fixed channels. */
class Classes {
  readonly #parents: number[] = [0];

  /** Adds channels, each in a class of its own, and returns their numbers. */
  add(count: number): Int32Array {
    const first = this.#parents.length;
    for (let i = 0; i < count; i++) this.#parents.push(first + i);
    return Int32Array.from({ length: count }, (_, i) => first + i);
  }

  find(channel: number): number {
    let root = channel;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    // Path compression.
    while (this.#parents[channel] !== root) {
      const next = this.#parents[channel]!;
      this.#parents[channel] = root;
      channel = next;
    }
    return root;
  }

  tie(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    // The lower number stays the root, so that everything tied to 0 is fixed.
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  fix(channels: Int32Array): void {
    for (const channel of channels) this.tie(0, channel);
  }

  /**
   * Splits channels into equal parts, and ties those at the same position of each part. Grouped convolutions and
   * shuffles need this.
   */
  tieParts(channels: Int32Array, parts: number): void {
    const size = channels.length / parts;
    for (let i = size; i < channels.length; i++) this.tie(channels[i]!, channels[i % size]!);
  }
}

/** Returns the numbers of a layer's output channels, from those of its inputs. */
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
      // Groups must stay equal in size.
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
        // A single gate for all channels is needed as long as one channel is left.
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
 * Finds the channels of a network that can only be removed together, from its layers alone. Tied are channels that are
 * added or multiplied, the input and output of a depthwise convolution, and equal positions of each group. Everything
 * that an output reads is fixed.
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
