// This file is long because one visitor has a method for each layer, and the methods share what was written so far.
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { optionValues } from '../../../foundation/errors/named-options.ts';
import type { Tensors } from '../../../graph/operations.ts';
import {
  type ActivationLayer,
  type AddLayer,
  type BatchNormLayer,
  type ConvLayer,
  type DenseLayer,
  type FeatureShape,
  INPUT,
  type Layer,
  type MultiplyLayer,
  type Network,
  type PoolLayer,
  type SliceLayer,
} from '../../../network/layers.ts';
import { inferShapes } from '../../../network/shapes.ts';
import { darknetActivation } from './activations.ts';
import { anchorTable } from './anchor-table.ts';
import type { PixelMatrix } from './pixel-matrix.ts';
import { BATCH_NORM_EPSILON } from './section-context.ts';
import { SectionWriter } from './section-writer.ts';

/** @throws MicroYoloError `unsupported` that names the layer */
function refuse({ name, type }: Layer, problem: string): never {
  throw new MicroYoloError(
    'unsupported',
    `layer ${name} (${type}): ${problem}; export with ${optionValues({ format: 'onnx' })}`,
  );
}

const filled = (length: number, value: number) => new Float32Array(length).fill(value);

/** Writes a network's layers as sections. A section contains a convolution, and the norm and activation after it. */
class NetworkSections {
  readonly writer = new SectionWriter();
  readonly #network: Network;
  readonly #weights: Tensors;
  readonly #shapes: ReadonlyMap<string, FeatureShape>;
  readonly #readers = new Map<string, Layer[]>();
  readonly #anchors: ReturnType<typeof anchorTable>;
  /** Layers that an earlier section computes. */
  readonly #done = new Set<string>();

  constructor(network: Network, weights: Tensors, pixels: PixelMatrix | undefined) {
    this.#network = network;
    this.#weights = weights;
    this.#shapes = inferShapes(network);
    this.#anchors = anchorTable(network);
    for (const layer of network.layers) {
      for (const input of layer.inputs)
        this.#readers.set(input, [...(this.#readers.get(input) ?? []), layer]);
    }
    this.#image(pixels);
    for (const layer of network.layers) if (!this.#done.has(layer.name)) this.#layer(layer);
  }

  #values(name: string): Float32Array {
    return this.#weights.get(name)!.data;
  }

  #channels(layer: string): number {
    return this.#shapes.get(layer)![0];
  }

  /** Returns the layer after a given one, if nothing else reads that one, and if the type matches. */
  #next<T extends Layer['type']>(name: string, type: T): Extract<Layer, { type: T }> | undefined {
    const [reader, ...others] = this.#readers.get(name) ?? [];
    if (others.length > 0 || reader?.type !== type) return undefined;
    return reader as Extract<Layer, { type: T }>;
  }

  /**
   * Writes a section that transforms the image, if the network's recipe needs it. It is also needed if a section refers
   * to the image by name.
   */
  #image(pixels: PixelMatrix | undefined): void {
    const readers = this.#readers.get(INPUT) ?? [];
    const isNamed =
      readers.length > 1 || readers.some(({ inputs, type }) => inputs.length > 1 || type === 'slice');
    if (!pixels && !isNamed) return;
    const channels = this.#network.input[0];
    const identity = Float32Array.from({ length: channels ** 2 }, (_, at) =>
      at % (channels + 1) === 0 ? 1 : 0,
    );
    const keys = { filters: channels, size: 1, stride: 1, pad: 0, activation: 'linear' };
    this.writer.convolution(keys, pixels ?? { weight: identity, bias: filled(channels, 0) });
    this.writer.gives(INPUT);
  }

  /** Returns the activation after a layer if it fits into the same section. A hard sigmoid needs separate sections. */
  #activationAfter(name: string): ActivationLayer | undefined {
    const layer = this.#next(name, 'activation');
    return layer?.function === 'hardSigmoid' ? undefined : layer;
  }

  #activation(layer: ActivationLayer | undefined): string {
    if (!layer) return 'linear';
    const name = darknetActivation(layer);
    if (name !== undefined) return name;
    const slope = layer.function === 'leakyRelu' ? ` of slope ${layer.slope}` : '';
    return refuse(layer, `Darknet has no ${layer.function}${slope}`);
  }

  /**
   * Returns a norm's values. A preceding bias is subtracted from the mean. If epsilon differs from Darknet's, the scale
   * is adjusted.
   */
  #norm({ name, epsilon }: BatchNormLayer, bias: Float32Array | undefined) {
    const [mean, variance] = [this.#values(`${name}.running_mean`), this.#values(`${name}.running_var`)];
    const scale = this.#values(`${name}.weight`);
    const ratio = (v: number) => Math.sqrt((v + BATCH_NORM_EPSILON) / (v + epsilon));
    return {
      mean: bias ? mean.map((value, channel) => value - bias[channel]!) : mean,
      variance,
      scale: epsilon === BATCH_NORM_EPSILON ? scale : scale.map((value, c) => value * ratio(variance[c]!)),
    };
  }

  /** Writes a convolution, with the norm and activation that follow it. */
  #convolution(
    layer: ConvLayer | DenseLayer,
    geometry: Readonly<Record<string, number>>,
    filters: number,
  ): void {
    const { name } = layer;
    const norm = this.#next(name, 'batchNorm');
    const activation = this.#activationAfter(norm?.name ?? name);
    const [weight, bias] = [
      this.#values(`${name}.weight`),
      layer.bias ? this.#values(`${name}.bias`) : undefined,
    ];
    this.writer.read(layer.inputs[0]!);
    this.writer.convolution(
      { filters, ...geometry, activation: this.#activation(activation) },
      norm
        ? { bias: this.#values(`${norm.name}.bias`), norm: this.#norm(norm, bias), weight }
        : { bias: bias ?? filled(filters, 0), weight },
    );
    this.#finish(name, norm?.name, activation?.name);
  }

  #finish(...layers: readonly (string | undefined)[]): void {
    const names = layers.filter((name) => name !== undefined);
    this.writer.gives(...names);
    for (const name of names) this.#done.add(name);
  }

  #conv(layer: ConvLayer): void {
    const { kernel, stride, groups, padding } = layer;
    if (typeof kernel !== 'number')
      refuse(layer, `its kernel is ${kernel.join('×')}, but Darknet's kernels are square`);
    const [pad] = padding;
    if (padding.some((side) => side !== pad)) {
      refuse(layer, `padding ${padding.join(', ')}, but Darknet pads all sides equally`);
    }
    const padded = pad === Math.floor(kernel / 2) ? { pad: 1 } : { padding: pad };
    this.#convolution(
      layer,
      { size: kernel, stride, ...padded, ...(groups > 1 ? { groups } : {}) },
      layer.outChannels,
    );
  }

  /** Writes a dense layer as a convolution with a kernel of the map's size. */
  #dense(layer: DenseLayer): void {
    const [, height, width] = this.#shapes.get(layer.inputs[0]!)!;
    if (height !== width) refuse(layer, `its map is ${width}×${height}, but Darknet's kernels are square`);
    this.#convolution(layer, { size: height, stride: 1, padding: 0 }, layer.outFeatures);
  }

  /** Computes factor · x + offset element-wise, with a convolution. */
  #pointwise(channels: number, factor: number, offset: number, activation: string): void {
    this.writer.convolution(
      { filters: channels, size: 1, stride: 1, groups: channels, activation },
      { bias: filled(channels, offset), weight: filled(channels, factor) },
    );
  }

  /** Writes a norm or an activation without a preceding convolution, as part of an identity convolution. */
  #alone(layer: BatchNormLayer | ActivationLayer): void {
    const channels = this.#channels(layer.inputs[0]!);
    this.writer.read(layer.inputs[0]!);
    if (layer.type === 'activation') {
      if (layer.function === 'hardSigmoid') this.#hardSigmoid(channels);
      else this.#pointwise(channels, 1, 0, this.#activation(layer));
      this.#finish(layer.name);
      return;
    }
    const activation = this.#activationAfter(layer.name);
    const keys = { filters: channels, size: 1, stride: 1, groups: channels };
    const [bias, weight] = [this.#values(`${layer.name}.bias`), filled(channels, 1)];
    const norm = this.#norm(layer, undefined);
    this.writer.convolution({ ...keys, activation: this.#activation(activation) }, { bias, norm, weight });
    this.#finish(layer.name, activation?.name);
  }

  /** Darknet lacks min(1, max(0, x / 6 + 1/2)). It is computed as 1 − max(0, 1 − max(0, x / 6 + 1/2)). */
  #hardSigmoid(channels: number): void {
    this.#pointwise(channels, 1 / 6, 0.5, 'relu');
    this.#pointwise(channels, -1, 1, 'relu');
    this.#pointwise(channels, -1, 1, 'linear');
  }

  #pool(layer: PoolLayer): void {
    const [top, left, bottom, right] = layer.padding;
    const padding = top + bottom;
    if (top !== left || bottom !== right || top !== Math.floor(padding / 2)) {
      refuse(
        layer,
        `padding ${layer.padding.join(', ')}, but Darknet pads both ends equally, or the end by one more`,
      );
    }
    this.writer.read(layer.inputs[0]!);
    const type = layer.type === 'maxPool' ? 'maxpool' : 'local_avgpool';
    this.writer.add(type, { size: layer.kernel, stride: layer.stride, padding });
    this.#finish(layer.name);
  }

  #slice(layer: SliceLayer): void {
    const { start, end } = layer;
    const [channels, size] = [this.#channels(layer.inputs[0]!), end - start];
    if (channels % size !== 0 || start % size !== 0) {
      refuse(
        layer,
        `channels ${start} to ${end} of ${channels}, but Darknet's route takes one of several equal groups`,
      );
    }
    const group = { groups: channels / size, group_id: start / size };
    this.writer.add('route', { layers: this.writer.from(layer.inputs[0]!), ...group });
    this.#finish(layer.name);
  }

  /** Writes a section that reads the previous one and another one. */
  #pair(layer: AddLayer | MultiplyLayer, type: string, before: string, other: string, keys = {}): void {
    const activation = this.#activationAfter(layer.name);
    this.writer.read(before);
    const from = this.writer.from(other);
    this.writer.add(type, { from, ...keys, activation: this.#activation(activation) });
    this.#finish(layer.name, activation?.name);
  }

  #multiply(layer: MultiplyLayer): void {
    const [map, gate] = layer.inputs as [string, string];
    const [[channels, ...sides], wanted] = [this.#shapes.get(gate)!, this.#shapes.get(map)!];
    if ([channels, ...sides].join() === wanted.join()) this.#pair(layer, 'sam', gate, map);
    else this.#pair(layer, 'scale_channels', gate, map, channels === 1 ? { scale_wh: 1 } : {});
  }

  #simple(layer: Layer, type: string, keys = {}): void {
    this.writer.read(layer.inputs[0]!);
    this.writer.add(type, keys);
    this.#finish(layer.name);
  }

  #layer(layer: Layer): void {
    switch (layer.type) {
      case 'conv':
        return this.#conv(layer);
      case 'dense':
        return this.#dense(layer);
      case 'batchNorm':
      case 'activation':
        return this.#alone(layer);
      case 'maxPool':
      case 'avgPool':
        return this.#pool(layer);
      case 'globalAvgPool':
        return this.#simple(layer, 'avgpool');
      case 'upsample':
        return this.#simple(layer, 'upsample', { stride: layer.factor });
      case 'concat': {
        if (layer.inputs.length === 1) return this.writer.alias(layer.name, layer.inputs[0]!);
        this.writer.add('route', { layers: layer.inputs.map((input) => this.writer.from(input)) });
        return this.#finish(layer.name);
      }
      case 'slice':
        return this.#slice(layer);
      case 'shuffle':
        return refuse(layer, 'Darknet has no channel shuffle');
      case 'add': {
        const [first, second] = layer.inputs as [string, string];
        const [before, other] = this.writer.isLast(second) ? [second, first] : [first, second];
        return this.#pair(layer, 'shortcut', before, other);
      }
      case 'multiply':
        return this.#multiply(layer);
      case 'dropout':
        return this.#simple(layer, 'dropout', { probability: layer.rate });
      case 'yolo': {
        const { classes, scaleXY, name } = layer;
        if (layer.center === 'linear') refuse(layer, 'Darknet has no linear center offsets');
        const { anchors, masks } = this.#anchors;
        return this.#simple(layer, 'yolo', {
          mask: masks.get(name)!,
          anchors: anchors.flat(),
          classes,
          num: anchors.length,
          ...(scaleXY === 1 ? {} : { scale_x_y: scaleXY }),
          // Without it, OpenCV drops class scores below 0.2. Darknet does not read this key.
          thresh: 0,
        });
      }
      case 'region': {
        const { anchors, classes, softmax } = layer;
        const keys = {
          anchors: anchors.flat(),
          classes,
          coords: 4,
          num: anchors.length,
          softmax: softmax ? 1 : 0,
        };
        return this.#simple(layer, 'region', keys);
      }
      case 'classes':
        if (!layer.softmax) refuse(layer, "scores without a softmax, but Darknet's classifiers have one");
        return this.#simple(layer, 'softmax', { groups: 1 });
    }
  }
}

/**
 * Returns a network's layers as sections after [net], and its values in the order of the weights file.
 * @param pixels transform of the image, if the network's input is not RGB from 0 to 1
 * @throws MicroYoloError `unsupported` that names a layer that Darknet lacks
 */
export function networkSections(
  network: Network,
  weights: Tensors,
  pixels?: PixelMatrix,
): Pick<SectionWriter, 'sections' | 'values'> {
  return new NetworkSections(network, weights, pixels).writer;
}
