import { loadGraphModel } from '../foreign/load-graph-model.ts';
import { type AnyModel, isGraphModel } from '../model/graph-model.ts';
import { isOnnxPath, loadModel, modelFile } from '../model/load.ts';
import { type LoadOptions, sizedNetwork } from './load-sized.ts';

/** A model that detects, and what was noticed on the way. */
export interface LoadedDetectorModel {
  readonly model: AnyModel;
  /** What an ONNX file was recognized as, and by what. */
  readonly recognized?: string | undefined;
  /** What was ignored or is missing, a line each. */
  readonly warnings: readonly string[];
}

/**
 * A detector of any kind from a file or from memory, at the input size asked for.
 * @throws MicroYoloError where a file is missing, damaged or unknown, or the model does not fit the size
 */
export async function loadAnyModel(
  source: string | AnyModel,
  options: LoadOptions,
): Promise<LoadedDetectorModel> {
  const { size, weights, names, as } = options;
  if (typeof source !== 'string') {
    if (isGraphModel(source)) return { model: source, warnings: [] };
    return { model: { ...source, network: sizedNetwork(source.network, size) }, warnings: [] };
  }
  const path = await modelFile(source);
  if (isOnnxPath(path)) {
    const { model, title, evidence, notes } = await loadGraphModel(path, { size, names, as });
    return { model, recognized: `${source}: ${title}, by ${evidence}`, warnings: notes };
  }
  const { model, warnings } = await loadModel(path, { weights, names });
  return { model: { ...model, network: sizedNetwork(model.network, size) }, warnings };
}
