import { MicroYoloError } from '../errors.ts';
import { loadGraphModel } from '../foreign/load-graph-model.ts';
import { type AnyModel, isGraphModel } from '../model/graph-model.ts';
import { isOnnxPath, loadModel, modelFile } from '../model/load.ts';
import { type LoadOptions, sizedNetwork } from './load-sized.ts';

/** A model that detects, and what was noticed on the way. */
export interface LoadedDetectorModel {
  readonly model: AnyModel;
  /** What was recognized, ignored or is missing, a line each. */
  readonly notes: readonly string[];
}

/**
 * A detector of any kind from a file or from memory, at the input size asked for.
 * @throws MicroYoloError where a file is missing, damaged or unknown, or the model does not fit the size
 */
export async function loadAnyModel(
  source: string | AnyModel,
  options: LoadOptions,
): Promise<LoadedDetectorModel> {
  const { size, weights, names, as, decoder } = options;
  if (typeof source !== 'string') {
    if (isGraphModel(source)) return { model: source, notes: [] };
    return { model: { ...source, network: sizedNetwork(source.network, size) }, notes: [] };
  }
  const path = await modelFile(source);
  if (isOnnxPath(path)) {
    const { model, title, evidence, notes } = await loadGraphModel(path, { size, names, as, decoder });
    return { model, notes: [`${source}: ${title}, by ${evidence}`, ...notes] };
  }
  if (decoder !== undefined) {
    throw new MicroYoloError('invalid-argument', `decoder: ${source} brings its own, expected an .onnx file`);
  }
  const { model, warnings } = await loadModel(path, { weights, names });
  return { model: { ...model, network: sizedNetwork(model.network, size) }, notes: warnings };
}
