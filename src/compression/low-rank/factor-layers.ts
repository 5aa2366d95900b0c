import {
  type ConvLayer,
  type DenseLayer,
  kernelSides,
  type Layer,
  type Network,
} from '../../network/layers.ts';
import type { Method } from './kernel.ts';

/** Settings of a 1×1 factor. */
const POINT = { kernel: 1, stride: 1, padding: [0, 0, 0, 0] } as const;

/**
 * Returns the factors of a layer, in order. The last one has the layer's name.
 * @param named returns an unused name for a factor
 */
export function factorLayers(
  layer: ConvLayer | DenseLayer,
  method: Method,
  ranks: readonly number[],
  named: (part: string) => string,
): readonly [ConvLayer | DenseLayer, ...(ConvLayer | DenseLayer)[]] {
  const [rank, second] = ranks as [number, number];
  if (layer.type === 'dense') {
    const first = named('in');
    return [
      { ...layer, name: first, outFeatures: rank, bias: false },
      { ...layer, inputs: [first] },
    ];
  }
  switch (method) {
    case 'svd': {
      const first = named('in');
      return [
        { ...layer, name: first, outChannels: rank, bias: false },
        // The first factor already applies the stride and the padding.
        { ...layer, inputs: [first], stride: 1, padding: [0, 0, 0, 0] },
      ];
    }
    case 'spatial': {
      const first = named('vertical');
      const [tall, wide] = kernelSides(layer.kernel);
      const [top, left, bottom, right] = layer.padding;
      return [
        {
          ...{ ...layer, name: first, outChannels: rank, bias: false },
          ...{ kernel: [tall, 1], padding: [top, 0, bottom, 0] },
        },
        { ...layer, inputs: [first], kernel: [1, wide], padding: [0, left, 0, right] },
      ];
    }
    case 'tucker': {
      const [first, middle] = [named('in'), named('core')];
      return [
        { ...layer, ...POINT, name: first, outChannels: rank, bias: false },
        { ...layer, name: middle, inputs: [first], outChannels: second, bias: false },
        { ...layer, ...POINT, inputs: [middle] },
      ];
    }
  }
}

/** Returns unused names for the factors of a layer. */
export function factorNames({ layers }: Network, layer: string): (part: string) => string {
  const taken = new Set(layers.map(({ name }) => name));
  return (part) => {
    let free = `${layer}.${part}`;
    for (let number = 2; taken.has(free); number++) free = `${layer}.${part}${number}`;
    taken.add(free);
    return free;
  };
}

/** Returns a network with one layer replaced by others. */
export function withLayers(network: Network, replaced: string, layers: readonly Layer[]): Network {
  return {
    ...network,
    layers: network.layers.flatMap((layer) => (layer.name === replaced ? layers : [layer])),
  };
}
