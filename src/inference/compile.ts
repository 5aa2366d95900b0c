import { type BoundGraph, foldConvolutions } from '../graph/passes/fold.ts';
import { forward } from '../model/forward.ts';
import type { Model } from '../model/model.ts';
import { outputLayers } from '../network/layers.ts';
import { encodeOnnx } from '../onnx/file.ts';
import { lowerPlain } from '../onnx/plain/lower.ts';

/**
 * A model's forward pass over photographs, its batch norms folded into convolutions.
 * @param features layers whose maps are outputs too, by their names
 */
export function inferenceGraph(
  { network, recipe, weights }: Model,
  features: readonly string[] = [],
): BoundGraph {
  const { colorOrder, mean, std } = recipe;
  const graph = forward(network, 'inference', { input: { type: 'uint8', colorOrder, mean, std }, features });
  return foldConvolutions({ graph, tensors: weights });
}

/**
 * A model as a standard ONNX file for inference. Input `image`: photographs of the network's size, uint8
 * [batch, height, width, 3]; color order and scale are part of the graph. Outputs: one a head, by its
 * layer's name, as logits [batch, anchors · (5 + classes), rows, columns] (a classifier: [batch, classes]).
 * The file's metadata holds `micro-yolo`: classes, recipe and heads as JSON.
 * @param features layers whose maps are outputs too, [batch, channels, rows, columns] by their names
 */
export function compileModel(model: Model, features: readonly string[] = []): Uint8Array {
  const { network, classes, recipe, provenance } = model;
  const description = { classes, recipe, heads: outputLayers(network), provenance };
  return encodeOnnx(
    lowerPlain(inferenceGraph(model, features), network.name, { 'micro-yolo': JSON.stringify(description) }),
  );
}
