import { type Layer, type Network, outputLayers } from './layers.ts';

/** How the output channels of a layer are divided among classes. */
export interface ClassChannels {
  /** Groups of channels: one per anchor, or a single one in a classifier. */
  readonly groups: number;
  /** Channels of a group before the class channels: box and objectness. */
  readonly before: number;
  readonly classes: number;
}

/** Layers that do not change the order of channels. */
const KEEPS_CHANNELS: readonly Layer['type'][] = [
  'batchNorm',
  'activation',
  'dropout',
  'globalAvgPool',
  'avgPool',
  'maxPool',
];

/**
 * Finds the layers whose output channels, and so the rows of their parameters, belong to classes. These are the
 * convolution or dense layer before each output, and the layers between them.
 * @returns class channels by layer name
 */
export function classChannels(network: Network): ReadonlyMap<string, ClassChannels> {
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  const found = new Map<string, ClassChannels>();
  for (const output of outputLayers(network)) {
    const { classes } = output;
    const channels =
      output.type === 'classes'
        ? { groups: 1, before: 0, classes }
        : { groups: output.anchors.length, before: 5, classes };
    let layer = layers.get(output.inputs[0]!);
    while (layer && KEEPS_CHANNELS.includes(layer.type)) {
      found.set(layer.name, channels);
      layer = layers.get(layer.inputs[0]!);
    }
    if (layer) found.set(layer.name, channels);
  }
  return found;
}
