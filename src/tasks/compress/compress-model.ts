import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { type CompressionStages, deepCompress } from '../../compression/share/deep-compression.ts';
import type { Initialization } from '../../compression/share/k-means.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { writeSharedModel } from '../../models/formats/safetensors/model-file.ts';
import { loadModel, modelFile } from '../../models/load.ts';
import { COMPRESS_OPTIONS } from '../../options/compress.ts';

/** Options for compressing a model. */
export interface CompressOptions {
  /** A path, an https address, or the name of a bundled model. */
  readonly model: string;
  /** Weights file of a `.cfg`. @default the one beside it */
  readonly weights?: string | undefined;
  /** Number of different values per kernel, 2–4096. @default 256 */
  readonly centers?: number | undefined;
  /** Share of each kernel's weights that becomes 0, the smallest first; 0–0.99. @default 0 */
  readonly sparsity?: number | undefined;
  /** How k-means starts. @default 'linear' */
  readonly initialization?: Initialization | undefined;
  /** File to write. @default the model's name with the extension .small.safetensors, in the current folder */
  readonly out?: string | undefined;
}

/** Result of compressing a model. */
export interface CompressReport {
  /** Path of the model file. */
  readonly path: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Size of the weights after each stage. */
  readonly stages: CompressionStages;
  /** Warnings about what was ignored or is missing in the source, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Writes a smaller model file by Deep Compression. Every command reads the file like any other model. The network
 * runs as fast as before.
 * @throws MicroYoloError if the model cannot be read, an option is out of range, or the file cannot be written
 */
export async function compressModel(options: CompressOptions): Promise<CompressReport> {
  checkOptions('compressModel options', options, COMPRESS_OPTIONS);
  const { weights } = options;
  const source = await modelFile(options.model);
  const path = options.out ?? `${basename(source, extname(source))}.small.safetensors`;
  if (extname(path).toLowerCase() !== '.safetensors') {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${path}: expected a name that ends in .safetensors; fix ${option('out')}`,
      { field: 'out', received: path },
    );
  }
  await checkOverwritesNone(path, [source, weights], 'the model itself');
  const { model, warnings } = await loadModel(source, { weights });
  const { shared, weights: read, stages } = deepCompress(model.weights, options);
  await writeSharedModel(path, { ...model, weights: read }, shared);
  return { path, bytes: (await stat(path)).size, stages, warnings };
}
