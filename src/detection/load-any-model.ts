import type { OptionKinds } from '../foundation/errors/check-options.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { sizedGraph } from '../models/formats/onnx/sized-graph.ts';
import { type AnyModel, isGraphModel } from '../models/graph-model.ts';
import { loadModel, modelFile } from '../models/load.ts';
import { sizedNetwork } from '../models/running/load-sized.ts';
import { LOAD_OPTIONS, type LoadOptions } from '../options/loading.ts';
import type { CustomDecoder } from './decoders/decoder.ts';
import { graphFileKind, openGraphModel } from './foreign/open-graph.ts';

/** Options for loading a detection model. */
export interface LoadAnyOptions extends LoadOptions {
  /** Decoder for the outputs of an `.onnx` detector of an unknown family: see `defineDecoder`. */
  readonly decoder?: CustomDecoder | undefined;
}

export const LOAD_ANY_KINDS: OptionKinds<LoadAnyOptions> = { ...LOAD_OPTIONS, decoder: 'any' };

/** A detection model, and notes from loading it. */
export interface LoadedDetectorModel {
  readonly model: AnyModel;
  /** What an ONNX file was recognized as, and the evidence. */
  readonly recognized?: string | undefined;
  /** Warnings about ignored or missing parts, one line each. */
  readonly warnings: readonly string[];
}

/** Returns notes about a loaded model for users, one line each. */
export function notesOf({ recognized, warnings }: LoadedDetectorModel): readonly string[] {
  return [...(recognized === undefined ? [] : [recognized]), ...warnings];
}

/** @throws MicroYoloError `invalid-argument` if weights are passed for a graph, which contains its own */
export function refuseWeights(weights: string | undefined, path: string): void {
  if (weights === undefined) return;
  throw new MicroYoloError(
    'invalid-argument',
    `weights ${JSON.stringify(weights)}: ${path} contains its own weights; set this option only for a .cfg`,
    { field: 'weights', received: weights },
  );
}

/**
 * Loads a detector of any kind from a file or from memory, at the requested input size.
 * @throws MicroYoloError if a file is missing, damaged or unknown, or the model does not fit the size
 */
export async function loadAnyModel(
  source: string | AnyModel,
  options: LoadAnyOptions,
): Promise<LoadedDetectorModel> {
  const { size, weights, names, as, decoder } = options;
  if (typeof source !== 'string') {
    if (isGraphModel(source)) return { model: await sizedGraph(source, size, source.name), warnings: [] };
    return { model: { ...source, network: sizedNetwork(source.network, size) }, warnings: [] };
  }
  const path = await modelFile(source);
  const kind = await graphFileKind(path);
  if (kind !== undefined && (kind === 'onnx' || decoder === undefined)) {
    refuseWeights(weights, path);
    const { model, title, evidence, notes } = (await openGraphModel(path, { size, names, as, decoder }))!;
    // For an imported graph, the user already knows the family.
    const recognized = kind === 'onnx' ? `${source}: ${title}, by ${evidence}` : undefined;
    return { model, recognized, warnings: notes };
  }
  if (decoder !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `decoder: ${source} has its own decoder, expected an .onnx file`,
    );
  }
  const { model, warnings } = await loadModel(path, { weights, names });
  return { model: { ...model, network: sizedNetwork(model.network, size) }, warnings };
}
