import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { writeGraphModel } from '../../detection/foreign/graph-file.ts';
import type { RecognizedGraph } from '../../detection/foreign/load-graph-model.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { withHalfWeights } from '../../models/formats/onnx/half-weights.ts';
import { withTensorsInside } from '../../models/formats/onnx/inline-tensors.ts';
import { onnxBytes } from '../../models/formats/onnx/sized-graph.ts';
import { IMPORT_GRAPH_OPTIONS } from '../../options/import.ts';
import type { CalibrationPhoto } from '../../options/loading.ts';
import { recognizeGraph } from './recognize-graph.ts';

/** Options for importing an ONNX file. */
export interface ImportGraphOptions extends CalibrationPhoto {
  /** An `.onnx` file of a detector. */
  readonly model: string;
  /** Family of the detector, if the file does not show it: `yolox`, `yolov8` … */
  readonly as?: string | undefined;
  /** File of class names, one per line. @default those in or beside the file */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the graph's */
  readonly size?: number | Size | undefined;
  /** Whether weights are stored in half precision. @default false */
  readonly half?: boolean | undefined;
  /** File to write. @default the graph's name with the extension .safetensors, in the current folder */
  readonly out?: string | undefined;
}

/** Result of importing an ONNX file. */
export interface ImportedGraph {
  /** Path of the model file. */
  readonly path: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Number of its classes. */
  readonly classes: number;
  /** The recognized family, and other notes, one line each. */
  readonly notes: readonly string[];
}

/** Writes a recognized graph as a model file. */
export async function writeGraph(
  path: string,
  recognized: RecognizedGraph,
  { half = false }: { readonly half?: boolean | undefined },
): Promise<void> {
  const whole = await withTensorsInside(recognized.model.onnx);
  await writeGraphModel(path, recognized, half ? withHalfWeights(whole, path) : whole);
}

/**
 * Writes a model file for a detector from another library, with its family, recipe and classes.
 * @throws MicroYoloError if the graph cannot be read, or its family is unknown or ambiguous
 */
export async function importGraph(options: ImportGraphOptions): Promise<ImportedGraph> {
  checkOptions('importGraph options', options, IMPORT_GRAPH_OPTIONS);
  const { model: source, as, names, size, half, calibrate, truth } = options;
  const path = options.out ?? `${basename(source, extname(source))}.safetensors`;
  await checkOverwritesNone(path, [source, names], 'what is imported');
  if (extname(path).toLowerCase() !== '.safetensors') {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${path}: expected a name that ends in .safetensors; fix ${option('out')}`,
      { field: 'out', received: path },
    );
  }
  const recognized = await recognizeGraph(source, { as, names, size, calibrate, truth });
  if (!recognized) {
    throw new MicroYoloError('invalid-argument', `model ${JSON.stringify(source)}: expected an .onnx file`);
  }
  const { model, title, evidence, notes } = recognized;
  const digest = createHash('sha256').update(await onnxBytes({ onnx: source }));
  const provenance = { ...model.provenance, sha256: digest.digest('hex') };
  await writeGraph(path, { ...recognized, model: { ...model, provenance } }, { half });
  return {
    path,
    bytes: (await stat(path)).size,
    classes: model.classes.length,
    notes: [`${source}: ${title}, by ${evidence}`, ...notes],
  };
}
