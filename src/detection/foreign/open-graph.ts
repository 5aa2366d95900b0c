import { extname } from 'node:path';
import { readModelClassNames } from '../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { sizedGraph } from '../../models/formats/onnx/sized-graph.ts';
import { holdsGraph } from '../../models/formats/safetensors/description.ts';
import { readSafetensorsMetadata } from '../../models/formats/safetensors/safetensors.ts';
import { readGraphModel } from './graph-file.ts';
import { type GraphModelOptions, loadGraphModel, type RecognizedGraph } from './load-graph-model.ts';

/** What a file of a detector that others made is: a graph to be recognized, or one that was imported. */
export type GraphFileKind = 'onnx' | 'imported';

/**
 * What a file is of the two, by its ending and, of a model file, by its head.
 * @returns undefined for everything else
 * @throws MicroYoloError if a model file is missing or damaged
 */
export async function graphFileKind(path: string): Promise<GraphFileKind | undefined> {
  switch (extname(path).toLowerCase()) {
    case '.onnx':
      return 'onnx';
    case '.safetensors':
      return holdsGraph(await readSafetensorsMetadata(path)) ? 'imported' : undefined;
    default:
      return undefined;
  }
}

/** An imported graph, with the names and the size asked for. */
async function openImported(path: string, { as, names, size }: GraphModelOptions): Promise<RecognizedGraph> {
  const opened = await readGraphModel(path);
  const { family } = opened.model.decoder;
  if (as !== undefined && as !== family) {
    throw new MicroYoloError(
      'invalid-argument',
      `as ${as}: ${path} was imported as ${family}; import its .onnx again, or leave it out`,
      { field: 'as', received: as },
    );
  }
  let { model } = opened;
  if (names !== undefined) {
    model = { ...model, classes: await readModelClassNames(names, model.classes.length) };
  }
  return { ...opened, model: await sizedGraph(model, size, path) };
}

/**
 * Opens a detector that others made: an `.onnx` file, which is recognized, or a model file of an imported one.
 * @returns undefined for a file of another kind
 * @throws MicroYoloError if it is damaged, or of no family that is known
 */
export async function openGraphModel(
  path: string,
  options: GraphModelOptions = {},
): Promise<RecognizedGraph | undefined> {
  const kind = await graphFileKind(path);
  if (kind === undefined) return undefined;
  return kind === 'onnx' ? loadGraphModel(path, options) : openImported(path, options);
}
