import { type FeatureShape, kernelSides, type Layer, type Network } from './layers.ts';
import { inferShapes } from './shapes.ts';

/** A tensor that belongs to a layer, with PyTorch's names: weight, bias, running_mean, running_var. */
export interface Parameter {
  /** `LAYER.weight`, `LAYER.bias`, `LAYER.running_mean` or `LAYER.running_var`. */
  readonly name: string;
  /** Shape. conv: [out, in / groups, kernel height, kernel width]; dense: [out, in]; others: [channels]. */
  readonly shape: readonly number[];
  /** Whether it is trained. Running statistics are not. */
  readonly trainable: boolean;
}

/** Returns the parameters of a layer, from the shape of its first input. */
export function layerParameters(layer: Layer, [channels, height, width]: FeatureShape): readonly Parameter[] {
  const parameter = (name: string, shape: readonly number[], trainable = true): Parameter => ({
    name: `${layer.name}.${name}`,
    shape,
    trainable,
  });
  switch (layer.type) {
    case 'conv': {
      const shape = [layer.outChannels, channels / layer.groups, ...kernelSides(layer.kernel)];
      return [parameter('weight', shape), ...(layer.bias ? [parameter('bias', [layer.outChannels])] : [])];
    }
    case 'dense': {
      const shape = [layer.outFeatures, channels * height * width];
      return [parameter('weight', shape), ...(layer.bias ? [parameter('bias', [layer.outFeatures])] : [])];
    }
    case 'batchNorm':
      return [
        parameter('weight', [channels]),
        parameter('bias', [channels]),
        parameter('running_mean', [channels], false),
        parameter('running_var', [channels], false),
      ];
    case 'activation':
    case 'maxPool':
    case 'avgPool':
    case 'globalAvgPool':
    case 'upsample':
    case 'concat':
    case 'slice':
    case 'shuffle':
    case 'add':
    case 'multiply':
    case 'dropout':
    case 'yolo':
    case 'region':
    case 'classes':
      return [];
  }
}

/** All parameters of a network, in layer order. */
export function networkParameters(network: Network): readonly Parameter[] {
  const shapes = inferShapes(network);
  return network.layers.flatMap((layer) => layerParameters(layer, shapes.get(layer.inputs[0]!)!));
}
