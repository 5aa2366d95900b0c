import { extname } from 'node:path';
import { readModelClassNames } from '../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { sizedGraph } from '../../models/formats/onnx/sized-graph.ts';
import { holdsGraph } from '../../models/formats/safetensors/description.ts';
import { readSafetensorsMetadata } from '../../models/formats/safetensors/safetensors.ts';
import { readGraphModel } from './graph-file.ts';
import { type GraphModelOptions, loadGraphModel, type RecognizedGraph } from './load-graph-model.ts';

/** Kind of a third-party detector's file: a graph to be recognized, or an imported one. */
export type GraphFileKind = 'onnx' | 'imported';

/**
 * Determines a file's kind from its extension, and that of a model file from its header.
 * @returns undefined for any other file
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

/** Opens an imported graph, with the requested names and size. */
async function openImported(path: string, { as, names, size }: GraphModelOptions): Promise<RecognizedGraph> {
  const opened = await readGraphModel(path);
  const { family } = opened.model.decoder;
  if (as !== undefined && as !== family) {
    throw new MicroYoloError(
      'invalid-argument',
      `as ${as}: ${path} was imported as ${family}; import its .onnx again, or leave this option out`,
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
 * Opens a third-party detector: an `.onnx` file, whose family is determined, or a model file with an imported graph.
 * @returns undefined for any other kind of file
 * @throws MicroYoloError if it is damaged, or of an unknown family
 */
export async function openGraphModel(
  path: string,
  options: GraphModelOptions = {},
): Promise<RecognizedGraph | undefined> {
  const kind = await graphFileKind(path);
  if (kind === undefined) return undefined;
  return kind === 'onnx' ? loadGraphModel(path, options) : openImported(path, options);
}
