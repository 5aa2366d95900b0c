import { OnnxEmitter } from '../../executors/onnx/emitter.ts';
import { emitNodes } from '../../executors/onnx/plain/lower.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import { foldConvolutions } from '../../graph/passes/fold.ts';
import { recordForward } from '../forward/forward.ts';
import type { Model } from '../model.ts';
import { photographs } from './compile.ts';

/**
 * Returns the names of feature maps in the graph of `compileModel`, by layer. An activation's gate has the key
 * `LAYER.gate`. Maps that are folded into others are missing. Outputs are also missing, because they are named like
 * their layers.
 */
export function mapNames(model: Model): ReadonlyMap<string, string> {
  const graph = new GraphBuilder();
  const { values, outputs } = recordForward(graph, model.network, 'inference', { input: photographs(model) });
  for (const [name, value] of outputs) graph.output(name, value);
  const folded = foldConvolutions({ graph: graph.build(), tensors: model.weights });
  const names = emitNodes(new OnnxEmitter(), folded.graph);
  return new Map(
    [...values].flatMap(([layer, { id }]) => {
      const name = names.get(id);
      return name === undefined || outputs.has(layer) ? [] : [[layer, name] as const];
    }),
  );
}
