import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { familyNamed } from '../../detection/families/families.ts';
import { writeGraphModel } from '../../detection/foreign/graph-file.ts';
import type { RecognizedGraph } from '../../detection/foreign/load-graph-model.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { withHalfWeights } from '../../models/formats/onnx/half-weights.ts';
import { withTensorsInside } from '../../models/formats/onnx/inline-tensors.ts';
import { onnxBytes } from '../../models/formats/onnx/sized-graph.ts';
import type { CalibrationPhoto } from '../../options/loading.ts';
import { calibrateModel } from './calibrate-model.ts';
import { requirePair } from './load-calibrated.ts';

/** Options of importing an ONNX file. */
export interface ImportGraphOptions extends CalibrationPhoto {
  /** An `.onnx` file of a detector. */
  readonly model: string;
  /** Its family, if the file does not tell: `yolox`, `yolov8` … */
  readonly as?: string | undefined;
  /** File of class names, one a line. @default those that come with the file */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the graph's */
  readonly size?: number | Size | undefined;
  /** Weights in half precision. @default false */
  readonly half?: boolean | undefined;
  /** File to write. @default the graph's name with the ending .safetensors, in the current folder */
  readonly out?: string | undefined;
}

/** What was recognized, and where it was written. */
export interface ImportedGraph {
  /** The model file. */
  readonly path: string;
  /** Of the file. */
  readonly bytes: number;
  /** Names of its classes. */
  readonly classes: number;
  /** What was recognized, and what is worth saying about it. */
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

/** What a graph is: by itself, or by a labeled photo. */
async function recognize(options: ImportGraphOptions): Promise<RecognizedGraph> {
  const { model: source, as, names, size, calibrate: photo, truth } = options;
  if (photo !== undefined || truth !== undefined) {
    const pair = requirePair({ calibrate: photo, truth });
    const { model, notes } = await calibrateModel({ ...pair, model: source, as, names, size });
    const { title } = familyNamed(model.decoder.family)!;
    return { model, title, evidence: `the true boxes of ${pair.photo}`, notes };
  }
  const recognized = await openGraphModel(source, { as, names, size });
  if (recognized) return recognized;
  throw new MicroYoloError('invalid-argument', `model ${JSON.stringify(source)}: expected an .onnx file`, {
    field: 'model',
    received: source,
  });
}

/**
 * Makes a model file of a detector that others made, with its family, recipe and classes fixed in it.
 * @throws MicroYoloError if the graph cannot be read, or its family is unknown or ambiguous
 */
export async function importGraph(options: ImportGraphOptions): Promise<ImportedGraph> {
  const { model: source, names, half } = options;
  const path = options.out ?? `${basename(source, extname(source))}.safetensors`;
  await checkOverwritesNone(path, [source, names], 'what is imported');
  if (extname(path).toLowerCase() !== '.safetensors') {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${path}: expected a name that ends in .safetensors; fix ${option('out')}`,
      { field: 'out', received: path },
    );
  }
  const recognized = await recognize(options);
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
