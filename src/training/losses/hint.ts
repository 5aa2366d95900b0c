import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import { isOutput, type Network } from '../../network/layers.ts';
import type { Parameter } from '../../network/parameters.ts';
import { hintInput, hintScaleInput } from '../heads/inputs.ts';

/** Properties of a teacher's feature map that a layer learns. */
export interface HintShape {
  /** Number of channels of the teacher's map. */
  readonly channels: number;
  /** Whether the layer imitates the map directly. If not, a 1×1 convolution of its features does. */
  readonly copied: boolean;
}

/** A layer that learns a teacher's feature map with the same grid. */
export interface HintedLayer extends HintShape {
  readonly name: string;
  /** Its feature map, [N, channels, rows, columns]. For a head, the input of its logits. */
  readonly features: Value;
}

/** Collects the layers that learn a teacher's feature map. */
export function hintedLayers(
  network: Network,
  values: ReadonlyMap<string, Value>,
  hints: ReadonlyMap<string, HintShape> | undefined,
): readonly HintedLayer[] {
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  const told = (name: string): string => {
    const layer = layers.get(name)!;
    return isOutput(layer) ? layers.get(layer.inputs[0]!)!.inputs[0]! : name;
  };
  return [...(hints ?? [])].map(([name, shape]) => ({
    name,
    features: values.get(told(name))!,
    ...shape,
  }));
}

const CONVOLUTION = '.conv';
const prefix = (layer: string) => `${hintInput(layer)}${CONVOLUTION}`;

/** Whether a parameter belongs to such a convolution. Models do not contain it, and runs initialize it with 0. */
export const isHintParameter = (name: string) => name.includes(prefix(''));

/** Parameters of the 1×1 convolution from a layer's features to the teacher's map, if any. Trained models omit them. */
export function hintParameters({ name, features, channels, copied }: HintedLayer): readonly Parameter[] {
  if (copied) return [];
  const inputs = features.shape[1] as number;
  return [
    { name: `${prefix(name)}.weight`, shape: [channels, inputs, 1, 1], trainable: true },
    { name: `${prefix(name)}.bias`, shape: [channels], trainable: true },
  ];
}

/**
 * Mean squared distance between a 1×1 convolution of a layer's features and a teacher's feature map (FitNets' hints,
 * https://arxiv.org/abs/1412.6550). The map is an input of the graph, [N, channels, rows, columns]. Unlike the other
 * losses, this one trains every cell, not only those with an object. Copied layers are compared with the map directly,
 * relative to the variance of the map: 0 is a perfect copy, and 1 is as good as the mean of the map.
 */
export function hintLoss(graph: GraphBuilder, layers: readonly HintedLayer[]): Value {
  const parts = layers.map((layer) => {
    const { name, features, channels } = layer;
    const [batch, , rows, columns] = features.shape as [number, number, number, number];
    const parameters = hintParameters(layer).map(({ name, shape }) => graph.parameter(name, shape));
    const told = layer.copied
      ? graph.binary('multiply', features, graph.input(hintScaleInput(name), [1, 1, 1, 1]))
      : graph.apply({ op: 'conv', stride: 1, padding: [0, 0, 0, 0], groups: 1 }, features, ...parameters);
    const hint = graph.input(hintInput(name), [batch, channels, rows, columns]);
    const off = graph.binary('subtract', told, hint);
    return graph.reduce('mean', graph.binary('multiply', off, off));
  });
  const sum = parts.reduce((a, b) => graph.binary('add', a, b));
  return graph.linear(sum, 1 / parts.length);
}
