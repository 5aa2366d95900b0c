import { elementCount } from '../foundation/element-count.ts';
import { type FeatureShape, INPUT, isOutput, kernelSides, type Layer, type Network } from './layers.ts';
import { layerParameters } from './parameters.ts';
import { inferShapes } from './shapes.ts';

/** Cost of a layer or a network for one image. */
export interface Cost {
  /** Number of parameters. */
  readonly parameters: {
    /** Weights, biases, and the scales of norms. */
    readonly trainable: number;
    /** All parameters, including the running statistics of batch norms. */
    readonly total: number;
  };
  /** Multiply-accumulates of convolutions and dense layers. */
  readonly macs: number;
  /** Floating-point operations: 2 × macs. */
  readonly flops: number;
  /**
   * Elements that each layer reads and writes, plus its parameters, as in ShuffleNetV2's guidelines
   * (https://arxiv.org/abs/1807.11164): hw(c1 + c2) + c1·c2 for a 1×1 convolution.
   */
  readonly memoryAccess: number;
}

export interface LayerCost extends Cost {
  /** The layer. */
  readonly layer: Layer;
  /** Shape of its output: [channels, height, width]. */
  readonly shape: FeatureShape;
}

export interface NetworkCost extends Cost {
  /** Peak size of the feature maps that are in memory at once, in elements. Each map is freed after its last use. */
  readonly activationMemory: number;
  /** Cost of each layer, in the network's order. */
  readonly layers: readonly LayerCost[];
}

function layerMacs(layer: Layer, input: FeatureShape, output: FeatureShape): number {
  switch (layer.type) {
    case 'conv':
      return elementCount(output) * (input[0] / layer.groups) * elementCount(kernelSides(layer.kernel));
    case 'dense':
      return elementCount(input) * layer.outFeatures;
    default:
      return 0;
  }
}

function layerCost(layer: Layer, inputs: readonly FeatureShape[], shape: FeatureShape): LayerCost {
  const parameters = layerParameters(layer, inputs[0]!);
  const count = (list: typeof parameters) =>
    list.reduce((sum, parameter) => sum + elementCount(parameter.shape), 0);
  const total = count(parameters);
  const macs = layerMacs(layer, inputs[0]!, shape);
  // A slice reads only what it keeps.
  const read = layer.type === 'slice' ? [shape] : inputs;
  const moved = read.reduce((sum, input) => sum + elementCount(input), elementCount(shape)) + total;
  return {
    layer,
    shape,
    parameters: { trainable: count(parameters.filter((parameter) => parameter.trainable)), total },
    macs,
    flops: 2 * macs,
    // An output is the map of the layer before it, and no layer reads it. Dropout acts only in training.
    memoryAccess: isOutput(layer) || layer.type === 'dropout' ? 0 : moved,
  };
}

function peakActivations(network: Network, shapes: ReadonlyMap<string, FeatureShape>): number {
  const lastUse = new Map<string, number>();
  network.layers.forEach((layer, index) => {
    for (const name of layer.inputs) lastUse.set(name, index);
  });
  let alive = elementCount(shapes.get(INPUT)!);
  let peak = alive;
  network.layers.forEach((layer, index) => {
    alive += elementCount(shapes.get(layer.name)!);
    peak = Math.max(peak, alive);
    for (const name of new Set(layer.inputs)) {
      if (lastUse.get(name) === index) alive -= elementCount(shapes.get(name)!);
    }
  });
  return peak;
}

/** Computes the exact cost of a network at its input size, in total and by layer. */
export function networkCost(network: Network): NetworkCost {
  const shapes = inferShapes(network);
  const layers = network.layers.map((layer) =>
    layerCost(
      layer,
      layer.inputs.map((name) => shapes.get(name)!),
      shapes.get(layer.name)!,
    ),
  );
  const sum = (of: (cost: Cost) => number) => layers.reduce((total, cost) => total + of(cost), 0);
  return {
    parameters: {
      trainable: sum((cost) => cost.parameters.trainable),
      total: sum((cost) => cost.parameters.total),
    },
    macs: sum((cost) => cost.macs),
    flops: sum((cost) => cost.flops),
    memoryAccess: sum((cost) => cost.memoryAccess),
    activationMemory: peakActivations(network, shapes),
    layers,
  };
}
