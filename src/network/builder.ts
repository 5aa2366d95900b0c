// This file is long because one class has a documented method for each layer.
import { MicroYoloError } from '../foundation/errors/errors.ts';
import {
  type ActivationFunction,
  type ActivationLayer,
  type ClassesLayer,
  type ConvLayer,
  type FeatureShape,
  INPUT,
  type Layer,
  type Network,
  type PoolLayer,
  type RegionLayer,
  type YoloLayer,
} from './layers.ts';
import { type PaddingStyle, samePadding } from './padding.ts';
import { inferShapes, layerShape } from './shapes.ts';

type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
type Options<T extends Layer> = Omit<T, 'type' | 'name' | 'inputs'>;

/** An activation with its parameter: `'relu'`, or `{ function: 'leakyRelu', slope: 0.1 }`. */
export type Activation =
  | ActivationFunction
  | {
      /** The function. */
      readonly function: 'leakyRelu';
      /** Slope of `leakyRelu` below zero. */
      readonly slope: number;
    };

/** Options of batch norms. */
export interface NormOptions {
  /** Number added to the variance. @default 1e-5 */
  readonly epsilon?: number;
  /** Weight of the new batch in the running statistics. @default 0.1 */
  readonly momentum?: number;
}

/** Options of a builder. */
export interface BuilderOptions {
  /** Padding of convolutions that do not set their own. @default 'even' */
  readonly padding?: PaddingStyle;
  /** Options of norms that do not set their own. @default PyTorch's */
  readonly norm?: NormOptions;
}

/**
 * Appends layers to a network. Each method takes the new layer's name and the layer that it reads, and returns the
 * new layer's name. Shapes are checked immediately.
 */
export class NetworkBuilder {
  readonly #input: FeatureShape;
  readonly #padding: PaddingStyle;
  readonly #norm: NormOptions;
  readonly #layers: Layer[] = [];
  readonly #shapes = new Map<string, FeatureShape>();

  /** @param input shape of the image: [channels, height, width] */
  constructor(input: FeatureShape, options: BuilderOptions = {}) {
    this.#input = input;
    this.#padding = options.padding ?? 'even';
    this.#norm = options.norm ?? {};
    this.#shapes.set(INPUT, input);
  }

  /**
   * Returns the shape [channels, height, width] of an existing layer.
   * @throws MicroYoloError `invalid-network` if there is no such layer
   */
  shape(name: string): FeatureShape {
    const shape = this.#shapes.get(name);
    if (!shape) {
      const known = [...this.#shapes.keys()].slice(-5).join(', ');
      throw new MicroYoloError(
        'invalid-network',
        `layer ${name}: does not exist yet; the last ones are ${known}`,
      );
    }
    return shape;
  }

  /** Returns the number of channels of a layer's output. */
  channels(name: string): number {
    return this.shape(name)[0];
  }

  /** Adds a layer, and returns its name. */
  add(layer: Layer): string {
    this.#shapes.set(
      layer.name,
      layerShape(
        layer,
        layer.inputs.map((name) => this.shape(name)),
      ),
    );
    this.#layers.push(layer);
    return layer.name;
  }

  /** Adds a convolution, and returns its name. Defaults: stride 1, 'same' padding, one group, no bias. */
  conv(
    name: string,
    input: string,
    options: Optional<Options<ConvLayer>, 'stride' | 'padding' | 'groups' | 'bias'>,
  ): string {
    const padding = samePadding(options.kernel, options.stride, this.#padding);
    const defaults = { stride: 1, padding, groups: 1, bias: false };
    return this.add({ type: 'conv', name, inputs: [input], ...defaults, ...options });
  }

  /** Adds a batch norm, and returns its name. */
  batchNorm(name: string, input: string, options: NormOptions = {}): string {
    const { epsilon = 1e-5, momentum = 0.1 } = { ...this.#norm, ...options };
    return this.add({ type: 'batchNorm', name, inputs: [input], epsilon, momentum });
  }

  /** Adds an activation, and returns its name. */
  activation(name: string, input: string, activation: Activation): string {
    const options: Options<ActivationLayer> =
      typeof activation === 'string' ? { function: activation } : activation;
    return this.add({ type: 'activation', name, inputs: [input], ...options });
  }

  /** Adds max pooling, and returns its name. */
  maxPool(name: string, input: string, options: Optional<Options<PoolLayer>, 'padding'>): string {
    return this.add({ type: 'maxPool', name, inputs: [input], padding: [0, 0, 0, 0], ...options });
  }

  /** Adds average pooling, and returns its name. */
  avgPool(name: string, input: string, options: Optional<Options<PoolLayer>, 'padding'>): string {
    return this.add({ type: 'avgPool', name, inputs: [input], padding: [0, 0, 0, 0], ...options });
  }

  /** Adds global average pooling, and returns its name. */
  globalAvgPool(name: string, input: string): string {
    return this.add({ type: 'globalAvgPool', name, inputs: [input] });
  }

  /** Adds nearest-neighbor upsampling, and returns its name. */
  upsample(name: string, input: string, factor: number): string {
    return this.add({ type: 'upsample', name, inputs: [input], factor });
  }

  /** Concatenates layers along their channels, and returns the new layer's name. */
  concat(name: string, inputs: readonly string[]): string {
    return this.add({ type: 'concat', name, inputs });
  }

  /** Adds a slice of the channels from `start` (included) to `end` (excluded), and returns its name. */
  slice(name: string, input: string, start: number, end: number): string {
    return this.add({ type: 'slice', name, inputs: [input], start, end });
  }

  /** Adds a channel shuffle, and returns its name. */
  shuffle(name: string, input: string, groups: number): string {
    return this.add({ type: 'shuffle', name, inputs: [input], groups });
  }

  /** Adds the sum of layers with the same shape, and returns its name. */
  sum(name: string, inputs: readonly [string, string]): string {
    return this.add({ type: 'add', name, inputs });
  }

  /** Adds the product of two layers, and returns its name. */
  multiply(name: string, input: string, gate: string): string {
    return this.add({ type: 'multiply', name, inputs: [input, gate] });
  }

  /** Adds a dense layer, and returns its name. */
  dense(name: string, input: string, outFeatures: number): string {
    return this.add({ type: 'dense', name, inputs: [input], outFeatures, bias: true });
  }

  /** Adds dropout, and returns its name. */
  dropout(name: string, input: string, rate: number): string {
    return this.add({ type: 'dropout', name, inputs: [input], rate });
  }

  /** Adds the output of a classifier, and returns its name. */
  classes(name: string, input: string, options: Options<ClassesLayer>): string {
    return this.add({ type: 'classes', name, inputs: [input], ...options });
  }

  /** Adds YOLOv2's output, and returns its name. */
  region(name: string, input: string, options: Options<RegionLayer>): string {
    return this.add({ type: 'region', name, inputs: [input], ...options });
  }

  /** Adds YOLOv3's output at one scale, and returns its name. */
  yolo(name: string, input: string, options: Optional<Options<YoloLayer>, 'scaleXY'>): string {
    return this.add({ type: 'yolo', name, inputs: [input], scaleXY: 1, ...options });
  }

  /** Builds the network from the layers so far. */
  build(name: string): Network {
    const network = { name, input: this.#input, layers: [...this.#layers] };
    inferShapes(network);
    return network;
  }
}
