import { familyNamed } from '../../detection/families/families.ts';
import type { GraphModelOptions, RecognizedGraph } from '../../detection/foreign/load-graph-model.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import type { CalibrationPhoto } from '../../options/loading.ts';
import { type CalibrationTrial, calibrateModel } from './calibrate-model.ts';
import { requirePair } from './load-calibrated.ts';

/** A recognized graph, with the trials on a labeled photo, if any. */
export interface RecognizedByPhoto extends RecognizedGraph {
  /** Results of each reading on the photo, best first. Missing without a photo. */
  readonly trials?: readonly CalibrationTrial[];
}

/**
 * Recognizes a graph by its structure, or with the help of a labeled photo.
 * @returns undefined for a model of another kind
 * @throws MicroYoloError if the file is damaged or its family unknown, or the photo does not decide
 */
export async function recognizeGraph(
  path: string,
  { calibrate, truth, ...options }: Omit<GraphModelOptions, 'decoder'> & CalibrationPhoto,
): Promise<RecognizedByPhoto | undefined> {
  if (calibrate === undefined && truth === undefined) return openGraphModel(path, options);
  const pair = requirePair(path, { calibrate, truth });
  const { model, notes, trials } = await calibrateModel({ ...options, ...pair, model: path });
  const { title } = familyNamed(model.decoder.family)!;
  return { model, title, evidence: `the true boxes of ${pair.photo}`, notes, trials };
}
