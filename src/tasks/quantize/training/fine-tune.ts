import { basicGraph } from '../../../executors/onnx/basic-graph.ts';
import { mapNames } from '../../../models/compile/map-names.ts';
import type { ByteScale, SimulatedQuantization } from '../../../models/forward/simulated-quantization.ts';
import type { Model } from '../../../models/model.ts';
import { ownGraph, type WholeGraph } from '../source-graph.ts';
import type { LayerChoice, Workbench } from '../workbench.ts';
import type { Trainer } from './trainer.ts';

/** A network of this library as the graph that is quantized. */
export async function plainGraph(model: Model): Promise<WholeGraph['model']> {
  const { model: graph } = ownGraph(model);
  return { ...graph, onnx: await basicGraph(graph.onnx, graph.name) };
}

/**
 * What a choice of layers rounds in a network.
 * @param model whose graph is on the bench
 */
export function simulationOf(bench: Workbench, choice: LayerChoice, model: Model): SimulatedQuantization {
  const scales = new Map(bench.scales(choice));
  const maps: Record<string, ByteScale> = {};
  for (const [layer, value] of mapNames(model)) {
    const scale = scales.get(value);
    if (scale) maps[layer] = scale;
    // The first layer that has a value gives it; rounding it again would change nothing.
    scales.delete(value);
  }
  return { bits: bench.bits, kernels: choice.convolutions.map(({ name }) => name), maps };
}

/**
 * Trains a network with the rounding of its quantized layers simulated.
 * @param model whose graph is on the bench
 * @returns a bench with the trained weights, and the ranges that they were trained with
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
