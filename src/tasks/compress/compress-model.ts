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

/** Options of compressing a model. */
export interface CompressOptions {
  /** A path, an https address, or the name of a model that ships. */
  readonly model: string;
  /** Weights of a `.cfg`. @default beside it */
  readonly weights?: string | undefined;
  /** Different numbers of each kernel's weights, 2–4096. @default 256 */
  readonly centers?: number | undefined;
  /** Share of each kernel's weights, the smallest, that become 0; 0–0.99. @default 0 */
  readonly sparsity?: number | undefined;
  /** Where the numbers' search begins. @default 'linear' */
  readonly initialization?: Initialization | undefined;
  /** File to write. @default the model's name with the ending .small.safetensors, in the current folder */
  readonly out?: string | undefined;
}

/** What was written. */
export interface CompressReport {
  /** The model file. */
  readonly path: string;
  /** Of the file. */
  readonly bytes: number;
  /** Bytes of the weights after each stage. */
  readonly stages: CompressionStages;
  /** What was ignored or is missing in the source, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Writes a model in few bytes by Deep Compression. Every command reads the file like any other model; the network runs as
 * fast as before.
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
