import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import { refuseWeights } from '../../detection/load-any-model.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { checkChoice } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import type { Suppression } from '../../models/compile/compile.ts';
import { defaultWeights } from '../../models/formats/darknet/read.ts';
import { loadModel, modelFile } from '../../models/load.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { DETECT_DEFAULTS } from '../../options/detect.ts';
import { EXPORT_OPTIONS } from '../../options/export.ts';
import {
  EXPORT_FORMATS,
  EXPORT_ROWS,
  type ExportFormat,
  formatsWith,
  outputFiles,
} from './export-formats.ts';

/** Options for exporting a model. */
export interface ExportOptions {
  /** A path, an https address, or the name of a bundled model. */
  readonly model: string;
  /**
   * Format to write. `onnx`: for inference, with batch norms folded. `safetensors`: this library's own, with
   * everything kept. `darknet`: a `.cfg` with `.weights` and `.names` beside it.
   */
  readonly format: ExportFormat;
  /** Whether weights are stored in half precision, for `safetensors` and `onnx`. @default false */
  readonly half?: boolean | undefined;
  /** For `onnx`: whether the graph computes boxes and scores instead of logits. @default false */
  readonly decode?: boolean | undefined;
  /** For `onnx`: whether the graph also suppresses boxes. @default false */
  readonly nms?: boolean | undefined;
  /**
   * For `nms`: IoU threshold, 0–1. Of two boxes of a class with a higher IoU, the lower-scoring one is dropped.
   * @default 0.45
   */
  readonly iouThreshold?: number | undefined;
  /** For `nms`: score threshold, 0–1. Only detections with a higher score are kept. @default 0.25 */
  readonly scoreThreshold?: number | undefined;
  /** For `nms`: maximum number of detections per image. @default 100 */
  readonly maxDetections?: number | undefined;
  /** Weights file of a Darknet cfg. @default the one beside the cfg */
  readonly weights?: string | undefined;
  /** File of class names, one per line. @default the model's names */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** File to write. @default the model's name with the format's extension, in the current folder */
  readonly out?: string | undefined;
}

export interface ExportResult {
  /** Path of the main file, with the format's extension. */
  readonly path: string;
  /** Paths of all files that were written, including `path`. */
  readonly files: readonly string[];
  /** Total size of the files. */
  readonly bytes: number;
  readonly warnings: readonly string[];
}

function checkHas(option: 'half' | 'decode' | 'nms', isGiven: boolean, format: ExportFormat): void {
  const having = formatsWith(option);
  if (!isGiven || having.includes(format)) return;
  const only = having.join(' and ');
  throw new MicroYoloError(
    'invalid-argument',
    `${option} with format ${format}: only ${only} ${having.length > 1 ? 'have' : 'has'} it; leave it out`,
  );
}

/** @throws MicroYoloError `invalid-argument` for options that the format does not support, or that have no effect */
function suppressionOf(options: ExportOptions): Suppression | undefined {
  const { format, half = false, decode = false, nms = false } = options;
  for (const [name, isGiven] of Object.entries({ half, decode, nms }))
    checkHas(name as 'half', isGiven, format);
  const { iouThreshold, scoreThreshold, maxDetections } = options;
  for (const [name, value] of Object.entries({ iouThreshold, scoreThreshold, maxDetections })) {
    if (value === undefined) continue;
    if (!nms) {
      throw new MicroYoloError(
        'invalid-argument',
        `${name} ${value}: has no effect without nms; add nms, or leave it out`,
      );
    }
  }
  if (!nms) return undefined;
  return {
    iouThreshold: iouThreshold ?? DETECT_DEFAULTS.iouThreshold,
    scoreThreshold: scoreThreshold ?? DETECT_DEFAULTS.scoreThreshold,
    maxDetections: maxDetections ?? DETECT_DEFAULTS.maxDetections,
  };
}

/**
 * Writes a model in another format, each file atomically.
 * @throws MicroYoloError if the model cannot be read or written in this format, an option is invalid, or a file
 * cannot be written
 */
export async function exportModel(options: ExportOptions): Promise<ExportResult> {
  checkOptions('exportModel options', options, EXPORT_OPTIONS);
  const { format, half = false, decode = false, nms = false, weights, names, size } = options;
  checkChoice('format', format, EXPORT_FORMATS);
  const suppression = suppressionOf(options);
  const source = await modelFile(options.model);
  const { ending, write, writeGraph } = EXPORT_ROWS[format];
  const path = options.out ?? `${basename(source, extname(source))}${ending}`;
  const files = outputFiles(format, path);
  for (const file of files) {
    await checkOverwritesNone(file, [source, weights ?? defaultWeights(source), names], 'the model itself');
  }
  if (extname(path).toLowerCase() !== ending) {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${path}: format ${format}, expected a name that ends in ${ending}; fix ${option('out')} or ${option('format')}`,
      { field: 'out', received: path },
    );
  }
  const graph = await openGraphModel(source, { names, size });
  if (graph) {
    refuseWeights(weights, source);
    if (!writeGraph || decode || nms) {
      const asked = writeGraph ? (nms ? 'nms' : 'decode') : `format ${format}`;
      const able = EXPORT_FORMATS.filter((other) => EXPORT_ROWS[other].writeGraph).join(' or ');
      throw new MicroYoloError(
        'unsupported',
        `${asked}: ${source} is an ONNX graph, which cannot be changed; export it as ${able}`,
      );
    }
    await writeGraph(path, graph, half);
    return { path, files: [path], bytes: (await stat(path)).size, warnings: graph.notes };
  }
  const { model, warnings } = await loadModel(source, { weights, names });
  const sized = { ...model, network: sizedNetwork(model.network, size) };
  const notes = await write(sized, files, { half, decode: decode || nms, suppression });
  let bytes = 0;
  for (const file of files) bytes += (await stat(file)).size;
  return { path, files, bytes, warnings: [...warnings, ...notes] };
}
