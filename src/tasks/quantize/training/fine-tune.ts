import { basicGraph } from '../../../executors/onnx/basic-graph.ts';
import { mapNames } from '../../../models/compile/map-names.ts';
import type { ByteScale, SimulatedQuantization } from '../../../models/forward/simulated-quantization.ts';
import type { Model } from '../../../models/model.ts';
import { ownGraph, type WholeGraph } from '../source-graph.ts';
import type { LayerChoice, Workbench } from '../workbench.ts';
import type { Trainer } from './trainer.ts';

/** Converts one of this library's networks to the graph that is quantized. */
export async function plainGraph(model: Model): Promise<WholeGraph['model']> {
  const { model: graph } = ownGraph(model);
  return { ...graph, onnx: await basicGraph(graph.onnx, graph.name) };
}

/**
 * Describes which weights and feature maps a choice of layers rounds in a network.
 * @param model network of the bench's graph
 */
export function simulationOf(bench: Workbench, choice: LayerChoice, model: Model): SimulatedQuantization {
  const scales = new Map(bench.scales(choice));
  const maps: Record<string, ByteScale> = {};
  for (const [layer, value] of mapNames(model)) {
    const scale = scales.get(value);
    if (scale) maps[layer] = scale;
    // Only the first layer with this value rounds it, because rounding it again has no effect.
    scales.delete(value);
  }
  return { bits: bench.bits, kernels: choice.convolutions.map(({ name }) => name), maps };
}

/**
 * Trains a network with simulated rounding in the quantized layers.
 * @param model network of the bench's graph
 * @returns a workbench with the trained weights, and the ranges that they were trained with
 */
export async function fineTune(
  bench: Workbench,
  choice: LayerChoice,
  model: Model,
  trainer: Trainer,
): Promise<Workbench> {
  const trained = await trainer.train(model, 'finetune', {
    quantization: simulationOf(bench, choice, model),
  });
  return bench.withWeights(await plainGraph(trained));
}
