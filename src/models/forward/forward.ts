import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Dimension, Graph, Value } from '../../graph/operations.ts';
import { type BatchNormLayer, INPUT, isOutput, type Layer, type Network } from '../../network/layers.ts';
import { layerParameters } from '../../network/parameters.ts';
import { inferShapes } from '../../network/shapes.ts';
import { activate } from './activate.ts';
import { IMAGE_INPUT, type PixelScale, photograph } from './photograph.ts';
import {
  checkSimulation,
  roundedKernel,
  roundedMap,
  type SimulatedQuantization,
} from './simulated-quantization.ts';
import { squareKernel } from './square-kernel.ts';

/**
 * Mode of the forward pass. `inference` normalizes with running statistics and skips dropout. `training` normalizes
 * with the batch's statistics. The mask of each dropout, already divided by 1 − rate, is the input NAME.mask.
 */
export type ForwardMode = 'inference' | 'training';

export interface ForwardOptions {
  /** Batch size. @default 'batch': known only at run time */
  readonly batch?: Dimension;
  /**
   * Type of the input. `uint8`: photos as decoders return them, [N, H, W, 3]. The graph converts color order and scale
   * according to the recipe. `float32`: the network's own input, [N, C, H, W].
   * @default 'float32'
   */
  readonly input?: { readonly type: 'float32' } | ({ readonly type: 'uint8' } & PixelScale);
  /** Whether a layer, given its name, behaves as in inference during training. @default none */
  readonly frozen?: ((layer: string) => boolean) | undefined;
  /** Values that are rounded to 8 bits and back. @default none */
  readonly quantization?: SimulatedQuantization | undefined;
  /** Names of layers that are also outputs of `forward`. @default none */
  readonly features?: readonly string[] | undefined;
}

/** Batch statistics of a batch norm: mean and biased variance, [C] each. */
export interface BatchStatistics {
  readonly layer: BatchNormLayer;
  readonly mean: Value;
  readonly variance: Value;
  /** Number of values in each mean. */
  readonly count: number;
}

export interface ForwardRecord {
  /** Outputs by layer: `yolo` and `region` [N, anchors · (5 + classes), H, W] as logits, `classes` [N, classes]. */
  readonly outputs: ReadonlyMap<string, Value>;
  /** Output of each layer. In inference, also the gate of activations that multiply by a gate, as LAYER.gate. */
  readonly values: ReadonlyMap<string, Value>;
  /** Statistics of each batch norm. Only in training. */
  readonly statistics: readonly BatchStatistics[];
}

/** Records a network's forward pass into a graph. Parameters keep their names. */
export function recordForward(
  graph: GraphBuilder,
  network: Network,
  mode: ForwardMode,
  options: ForwardOptions = {},
): ForwardRecord {
  const { batch = 'batch', input = { type: 'float32' }, frozen, quantization } = options;
  if (quantization) checkSimulation(quantization, network);
  const rounded = new Set(quantization?.kernels);
  const modeOf = (layer: Layer) => (frozen?.(layer.name) ? 'inference' : mode);
  const outputs = new Map<string, Value>();
  const statistics: BatchStatistics[] = [];
  const shapes = inferShapes(network);
  const image =
    input.type === 'uint8'
      ? photograph(graph, network, batch, input)
      : graph.input(IMAGE_INPUT, [batch, ...network.input]);
  const values = new Map<string, Value>([[INPUT, image]]);

  const keep = (name: string, value: Value): Value => {
    const scale = quantization?.maps[name];
    const kept = scale ? roundedMap(graph, value, scale) : value;
    values.set(name, kept);
    return kept;
  };

  const record = (layer: Layer, inputs: readonly Value[], parameters: readonly Value[]): Value => {
    const x = inputs[0]!;
    const [channels, height, width] = shapes.get(layer.inputs[0]!)!;
    const flat = () => graph.apply({ op: 'reshape', shape: [batch, channels * height * width] }, x);
    switch (layer.type) {
      case 'conv': {
        const { stride, groups } = layer;
        const [own, ...bias] = parameters;
        const weight = rounded.has(layer.name) ? roundedKernel(graph, own!, quantization!.bits) : own!;
        const square = mode === 'training' ? squareKernel(graph, layer, weight) : undefined;
        const { padding = layer.padding, kernel = weight } = square ?? {};
        return graph.apply({ op: 'conv', stride, padding, groups }, x, kernel, ...bias);
      }
      case 'batchNorm': {
        const { epsilon } = layer;
        if (modeOf(layer) === 'inference') return graph.apply({ op: 'batchNorm', epsilon }, x, ...parameters);
        const [weight, bias] = parameters;
        const [y, mean, variance] = graph.record({ op: 'batchNormTraining', epsilon }, [x, weight!, bias!]);
        const images = batch === 'batch' ? Number.NaN : batch;
        if (images * height * width === 1) {
          throw new MicroYoloError(
            'invalid-argument',
            `batch 1: ${layer.name} has a map of one pixel, which has no variance; use more images per step, or a larger size`,
          );
        }
        statistics.push({ layer, mean: mean!, variance: variance!, count: images * height * width });
        return y!;
      }
      case 'activation': {
        const gate = `${layer.name}.gate`;
        const isKept = mode === 'inference' || quantization?.maps[gate] !== undefined;
        return activate(graph, layer, x, isKept ? (value) => keep(gate, value) : undefined);
      }
      case 'maxPool':
      case 'avgPool': {
        const { kernel, stride, padding } = layer;
        return graph.apply({ op: layer.type, kernel, stride, padding }, x);
      }
      case 'globalAvgPool':
        return graph.reduce('mean', x, [2, 3]);
      case 'upsample':
        return graph.apply({ op: 'upsample', factor: layer.factor }, x);
      case 'concat':
        return inputs.length === 1 ? x : graph.apply({ op: 'concat', axis: 1 }, ...inputs);
      case 'slice':
        return graph.apply({ op: 'slice', axis: 1, start: layer.start, end: layer.end }, x);
      case 'shuffle': {
        const [groups, area] = [layer.groups, height * width];
        const split = graph.apply({ op: 'reshape', shape: [batch, groups, channels / groups, area] }, x);
        const turned = graph.apply({ op: 'transpose', permutation: [0, 2, 1, 3] }, split);
        return graph.apply({ op: 'reshape', shape: [batch, channels, height, width] }, turned);
      }
      case 'add':
        return graph.binary('add', x, inputs[1]!);
      case 'multiply':
        return graph.binary('multiply', x, inputs[1]!);
      case 'dense': {
        const y = graph.apply({ op: 'dense' }, flat(), ...parameters);
        return graph.apply({ op: 'reshape', shape: [batch, layer.outFeatures, 1, 1] }, y);
      }
      case 'dropout':
        if (modeOf(layer) === 'inference') return x;
        return graph.binary('multiply', x, graph.input(`${layer.name}.mask`, x.shape));
      case 'yolo':
      case 'region':
        return x;
      case 'classes':
        return layer.softmax ? graph.apply({ op: 'softmax', axis: 1 }, flat()) : flat();
    }
  };

  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => values.get(name)!);
    const parameters = layerParameters(layer, shapes.get(layer.inputs[0]!)!)
      .filter(({ name }) => modeOf(layer) === 'inference' || !/\.running_(mean|var)$/.test(name))
      .map(({ name, shape }) => graph.parameter(name, shape));
    const value = keep(layer.name, record(layer, inputs, parameters));
    if (isOutput(layer)) outputs.set(layer.name, value);
  }
  return { outputs, values, statistics };
}

/**
 * Records a network's forward pass as a graph. Each output layer is an output with its name. In training, the
 * statistics of batch norms are outputs NAME.batch_mean and NAME.batch_var.
 */
export function forward(network: Network, mode: ForwardMode, options: ForwardOptions = {}): Graph {
  const graph = new GraphBuilder();
  const { outputs, values, statistics } = recordForward(graph, network, mode, options);
  for (const { layer, mean, variance } of statistics) {
    graph.output(`${layer.name}.batch_mean`, mean);
    graph.output(`${layer.name}.batch_var`, variance);
  }
  for (const [name, value] of outputs) graph.output(name, value);
  for (const name of new Set(options.features)) {
    const value = values.get(name);
    if (!value)
      throw new MicroYoloError(
        'invalid-argument',
        `features ${name}: ${network.name} has no such layer; \`micro-yolo info\` lists them`,
        { field: 'features', received: name },
      );
    if (!outputs.has(name)) graph.output(name, value);
  }
  return graph.build();
}
