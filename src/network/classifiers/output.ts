import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type ClassesLayer, type Network, outputLayers } from '../layers.ts';

/** Returns a classifier's output layer, or undefined if the network has another kind of output. */
export function classesOutput(network: Network): ClassesLayer | undefined {
  const [output, ...others] = outputLayers(network);
  return output?.type === 'classes' && others.length === 0 ? output : undefined;
}

/**
 * Returns the same classifier for other classes: changes its output, and the dense layer or convolution before it.
 * @throws MicroYoloError `unsupported` if the network is not a classifier
 */
export function withClasses(network: Network, classes: number): Network {
  const output = classesOutput(network);
  const find = (wanted: string | undefined) => network.layers.find(({ name }) => name === wanted);
  let before = find(output?.inputs[0]);
  // Darknet computes scores for every cell, and then pools them.
  if (before?.type === 'globalAvgPool') before = find(before.inputs[0]);
  if (!output || (before?.type !== 'dense' && before?.type !== 'conv')) {
    throw new MicroYoloError(
      'unsupported',
      `${network.name}: not a classifier, expected an output of classes after a dense layer or a convolution; choose another network`,
    );
  }
  const sized =
    before.type === 'dense' ? { ...before, outFeatures: classes } : { ...before, outChannels: classes };
  return {
    ...network,
    layers: network.layers.map((layer) => {
      if (layer === output) return { ...output, classes };
      return layer === before ? sized : layer;
    }),
  };
}
