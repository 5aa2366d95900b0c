import type { Tensor } from '../../graph/operations.ts';
import type { Model } from '../../models/model.ts';
import type { ConvLayer } from '../../network/layers.ts';
import { kernelSides } from '../../network/layers.ts';
import { type Equalized, forEachInput } from './equalize.ts';

/**
 * Applies the equalization of a compiled graph to its model, so that it can be trained. The factors go into norms if
 * there are any, otherwise into kernels and biases.
 * @param equalized result of `equalizeWeights` for the model's graph
 */
export function equalizeModel(model: Model, equalized: readonly Equalized[]): Model {
  const weights = new Map(model.weights);
  const change = (name: string, value: (old: number, index: number) => number) => {
    const tensor: Tensor | undefined = weights.get(name);
    if (tensor) weights.set(name, { shape: tensor.shape, data: tensor.data.map(value) });
  };
  const { layers } = model.network;
  const convolution = (name: string) =>
    layers.find((layer): layer is ConvLayer => layer.type === 'conv' && layer.name === name)!;
  for (const { first, second, factors } of equalized) {
    const norm = layers.find(({ type, inputs }) => type === 'batchNorm' && inputs[0] === first);
    const scaled = norm ?? convolution(first);
    // A norm has one weight per channel, a convolution has a kernel per channel.
    const perChannel = weights.get(`${scaled.name}.weight`)!.data.length / factors.length;
    change(`${scaled.name}.weight`, (old, index) => old / factors[Math.floor(index / perChannel)]!);
    change(`${scaled.name}.bias`, (old, channel) => old / factors[channel]!);
    const { outChannels, groups, kernel } = convolution(second);
    const channels = new Uint32Array(weights.get(`${second}.weight`)!.data.length);
    const shape = { outChannels, inChannels: factors.length, groups, kernel: kernelSides(kernel) };
    forEachInput(shape, (channel, index) => {
      channels[index] = channel;
    });
    change(`${second}.weight`, (old, index) => old * factors[channels[index]!]!);
  }
  return { ...model, weights };
}
