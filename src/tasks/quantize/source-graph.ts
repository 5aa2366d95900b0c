import { familyNamed } from '../../detection/families/families.ts';
import type { RecognizedGraph } from '../../detection/foreign/load-graph-model.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import { refuseWeights } from '../../detection/load-any-model.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { compileModel } from '../../models/compile/compile.ts';
import { withTensorsInside } from '../../models/formats/onnx/inline-tensors.ts';
import { IMAGE_INPUT } from '../../models/forward/photograph.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { loadModel } from '../../models/load.ts';
import type { Model } from '../../models/model.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { detectionHeads } from '../../network/detection-outputs.ts';
import type { QuantizeOptions } from '../../options/quantize.ts';

/** A recognized graph with all tensors inside the file. */
export type WholeGraph = RecognizedGraph & {
  readonly model: GraphModel & { readonly onnx: Uint8Array };
  /** The network that it was compiled from. Undefined if the file contains a graph. */
  readonly source?: Model | undefined;
};

const OWN_FAMILY = 'micro-yolo';

/** Converts one of this library's networks to the graph that `export` writes. */
export function ownGraph(model: Model): WholeGraph {
  const { network, classes, recipe, provenance } = model;
  const heads = detectionHeads(network);
  const family = familyNamed(OWN_FAMILY)!;
  const [, height, width] = network.input;
  return {
    title: family.title,
    evidence: `heads ${heads.map(({ name }) => name).join(', ')}`,
    notes: [],
    source: model,
    model: {
      kind: 'graph',
      name: network.name,
      onnx: compileModel(model),
      input: { name: IMAGE_INPUT, type: 'uint8', layout: 'nhwc', batch: 1, width, height, extras: {} },
      decoder: { family: OWN_FAMILY, parameters: family.parameters.parse({ heads }) },
      classes,
      // Color order and scale are part of the graph.
      recipe: { ...recipe, colorOrder: 'rgb', mean: 0, std: 1 },
      provenance,
    },
  };
}

/**
 * Opens the detector to quantize as a graph, from any kind of file.
 * @throws MicroYoloError if the file cannot be read or is not a detector
 */
export async function openSourceGraph(
  path: string,
  { weights, names, as, size }: QuantizeOptions,
): Promise<WholeGraph> {
  const graph = await openGraphModel(path, { names, as, size });
  if (graph) {
    refuseWeights(weights, path);
    return { ...graph, model: { ...graph.model, onnx: await withTensorsInside(graph.model.onnx) } };
  }
  if (as !== undefined) {
    throw new MicroYoloError('invalid-argument', `as ${as}: ${path} is not an .onnx file; leave it out`);
  }
  const { model, warnings } = await loadModel(path, { weights, names });
  return {
    ...ownGraph({ ...model, network: sizedNetwork(model.network, size) }),
    notes: warnings,
  };
}
