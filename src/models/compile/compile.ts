import { encodeOnnx } from '../../executors/onnx/file.ts';
import { lowerPlain } from '../../executors/onnx/plain/lower.ts';
import { type Suppression, withSuppression } from '../../executors/onnx/suppression.ts';
import { type BoundGraph, foldConvolutions } from '../../graph/passes/fold.ts';
import { outputLayers } from '../../network/layers.ts';
import { forward } from '../forward/forward.ts';
import type { Model } from '../model.ts';
import { decodedGraph } from './decoded-graph.ts';
import { withHalfWeights } from './half-weights.ts';

export type { Suppression };

/** Options for an ONNX file: decoding, suppression and precision. */
export interface OnnxExportOptions {
  /**
   * Whether the graph computes boxes and scores. Outputs: `boxes` [batch, predictions, 4] (left, top, right, bottom in
   * pixels of the input) and `scores` [batch, predictions, classes], 0–1.
   * @default false
   */
  readonly decode?: boolean | undefined;
  /**
   * Suppression of decoded boxes inside the graph. Implies `decode`. Outputs: `boxes` [batch, rows, 4], `scores`
   * [batch, rows] and `labels` [batch, rows], best first. Unused rows have score 0 and label −1.
   * @default none
   */
  readonly suppression?: Suppression | undefined;
  /** Whether weights are stored in half precision, which halves the file size at the same speed. @default false */
  readonly half?: boolean | undefined;
}

/** Input options of a compiled model. */
export const photographs = ({ recipe: { colorOrder, mean, std } }: Model) =>
  ({ type: 'uint8', colorOrder, mean, std }) as const;

/**
 * Returns a model's forward pass over photos, with batch norms folded into convolutions.
 * @param features names of layers whose maps are also outputs
 */
export function inferenceGraph(model: Model, features: readonly string[] = []): BoundGraph {
  const graph = forward(model.network, 'inference', { input: photographs(model), features });
  return foldConvolutions({ graph, tensors: model.weights });
}

/**
 * Converts a model to a standard ONNX file for inference. The input `image` accepts photos of the network's size, uint8
 * [batch, height, width, 3]. The graph converts color order and scale. There is one output per head, named like its
 * layer: logits [batch, anchors · (5 + classes), rows, columns], or [batch, classes] for a classifier. The metadata
 * `micro-yolo` contains classes, recipe and heads as JSON.
 * @param features names of layers whose maps are also outputs, [batch, channels, rows, columns]
 */
export function compileModel(model: Model, features: readonly string[] = []): Uint8Array {
  return encodeOnnx(lowerPlain(inferenceGraph(model, features), model.network.name, logitsMetadata(model)));
}

function metadata(description: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return { 'micro-yolo': JSON.stringify(description) };
}

function logitsMetadata({ network, classes, recipe, provenance }: Model): Readonly<Record<string, string>> {
  return metadata({ classes, recipe, heads: outputLayers(network), provenance });
}

/**
 * Converts a model to a standard ONNX file, like `compileModel`, but decoded or in half precision if requested. The
 * metadata of a decoded file has `decoded: true` and no heads. If the file suppresses boxes, it also has `nms: true`
 * and `suppression`.
 * @throws MicroYoloError `unsupported` for decoding a model that is not a detector
 */
export function exportOnnx(model: Model, options: OnnxExportOptions = {}): Uint8Array {
  const { suppression, decode = suppression !== undefined, half = false } = options;
  const bound = decode ? decodedBoundGraph(model) : inferenceGraph(model);
  const description = decode ? decodedMetadata(model, suppression) : logitsMetadata(model);
  const whole = lowerPlain(bound, model.network.name, description);
  const sized = half ? withHalfWeights(whole, new Set(bound.tensors.keys())) : whole;
  return encodeOnnx(suppression ? withSuppression(sized, suppression) : sized);
}

function decodedBoundGraph(model: Model): BoundGraph {
  const graph = decodedGraph(model.network, { input: photographs(model) });
  return foldConvolutions({ graph, tensors: model.weights });
}

function decodedMetadata({ classes, recipe, provenance }: Model, suppression: Suppression | undefined) {
  return metadata({
    classes,
    recipe,
    decoded: true,
    nms: suppression !== undefined,
    suppression,
    provenance,
  });
}
