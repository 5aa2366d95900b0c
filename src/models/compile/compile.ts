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

/** What an ONNX file computes beyond logits, and how it keeps its weights. */
export interface OnnxExportOptions {
  /**
   * Whether the graph computes boxes and scores itself: outputs `boxes` [batch, predictions, 4] (left, top, right, bottom
   * in pixels of the input) and `scores` [batch, predictions, classes], 0–1. @default false
   */
  readonly decode?: boolean | undefined;
  /**
   * Suppression inside the graph, of decoded boxes; implies `decode`. Outputs `boxes` [batch, rows, 4], `scores`
   * [batch, rows] and `labels` [batch, rows], best first; unused rows have score 0 and label −1. @default none
   */
  readonly suppression?: Suppression | undefined;
  /** Weights in half precision: half the file, the same speed. @default false */
  readonly half?: boolean | undefined;
}

const photographs = ({ recipe: { colorOrder, mean, std } }: Model) =>
  ({ type: 'uint8', colorOrder, mean, std }) as const;

/**
 * A model's forward pass over photographs, its batch norms folded into convolutions.
 * @param features layers whose maps are outputs too, by their names
 */
export function inferenceGraph(model: Model, features: readonly string[] = []): BoundGraph {
  const graph = forward(model.network, 'inference', { input: photographs(model), features });
  return foldConvolutions({ graph, tensors: model.weights });
}

/**
 * A model as a standard ONNX file for inference. Input `image`: photographs of the network's size, uint8
 * [batch, height, width, 3]; color order and scale are part of the graph. Outputs: one a head, by its
 * layer's name, as logits [batch, anchors · (5 + classes), rows, columns] (a classifier: [batch, classes]).
 * The file's metadata holds `micro-yolo`: classes, recipe and heads as JSON.
 * @param features layers whose maps are outputs too, [batch, channels, rows, columns] by their names
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
 * A model as a standard ONNX file as `compileModel` makes it, decoded or with half the bytes if asked. The metadata of a
 * decoded file says `decoded: true`, and `nms: true` with `suppression` if it suppresses, and names no heads.
 * @throws MicroYoloError `unsupported` for decoding a model that is no detector
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
