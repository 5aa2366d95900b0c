import type { OptionKinds } from '../foundation/errors/check-options.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { sizedGraph } from '../models/formats/onnx/sized-graph.ts';
import { type AnyModel, isGraphModel } from '../models/graph-model.ts';
import { loadModel, modelFile } from '../models/load.ts';
import { sizedNetwork } from '../models/running/load-sized.ts';
import { LOAD_OPTIONS, type LoadOptions } from '../options/loading.ts';
import type { CustomDecoder } from './decoders/decoder.ts';
import { graphFileKind, openGraphModel } from './foreign/open-graph.ts';

/** How to load a model that detects. */
export interface LoadAnyOptions extends LoadOptions {
  /** Reads the outputs of an `.onnx` detector of a family that is not known: see `defineDecoder`. */
  readonly decoder?: CustomDecoder | undefined;
}

export const LOAD_ANY_KINDS: OptionKinds<LoadAnyOptions> = { ...LOAD_OPTIONS, decoder: 'any' };

/** A model that detects, and what was noticed on the way. */
export interface LoadedDetectorModel {
  readonly model: AnyModel;
  /** What an ONNX file was recognized as, and by what. */
  readonly recognized?: string | undefined;
  /** Warnings about what was ignored or is missing, one line each. */
  readonly warnings: readonly string[];
}

/** What is worth saying of a loaded model, one line each. */
export function notesOf({ recognized, warnings }: LoadedDetectorModel): readonly string[] {
  return [...(recognized === undefined ? [] : [recognized]), ...warnings];
}

/** @throws MicroYoloError `invalid-argument` if weights are given to a graph, which holds its own */
export function refuseWeights(weights: string | undefined, path: string): void {
  if (weights === undefined) return;
  throw new MicroYoloError(
    'invalid-argument',
    `weights ${JSON.stringify(weights)}: ${path} contains its own weights; set this option only for a .cfg`,
    { field: 'weights', received: weights },
  );
}

/**
 * A detector of any kind from a file or from memory, at the input size asked for.
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
    // What an import has fixed is no news.
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
