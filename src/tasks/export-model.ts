import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Size } from '../boxes/formats.ts';
import { checkOptions, type OptionKinds } from '../check-options.ts';
import { checkChoice } from '../check-range.ts';
import { MicroYoloError } from '../errors.ts';
import { checkOverwritesNone, writeWholeFile } from '../files.ts';
import { compileModel } from '../inference/compile.ts';
import { sizedNetwork } from '../inference/load-sized.ts';
import { defaultWeights } from '../model/darknet/read.ts';
import { loadModel, modelFile } from '../model/load.ts';
import { writeModel } from '../model/model-file.ts';
import { option } from '../named-options.ts';

export const EXPORT_FORMATS = ['onnx', 'safetensors'] as const;

export interface ExportOptions {
  /** A path, an https address, or the name of a model that ships. */
  readonly model: string;
  /** `onnx`: for inference, batch norms folded; `safetensors`: this library's own, everything kept. */
  readonly format: (typeof EXPORT_FORMATS)[number];
  /** Weights of `safetensors` in half precision. @default false */
  readonly half?: boolean | undefined;
  readonly weights?: string | undefined;
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** File to write. @default the model's name with the format's ending, in the current folder */
  readonly out?: string | undefined;
}

const KINDS: OptionKinds<ExportOptions> = {
  model: 'required string',
  format: 'required string',
  half: 'boolean',
  weights: 'string',
  names: 'string',
  size: 'size',
  out: 'string',
};

/**
 * Writes a model in another format, atomically.
 * @throws MicroYoloError where the model cannot be read or the file not be written
 */
export async function exportModel(
  options: ExportOptions,
): Promise<{ readonly path: string; readonly bytes: number; readonly warnings: readonly string[] }> {
  checkOptions('exportModel options', options, KINDS);
  const { format, half = false, weights, names, size } = options;
  checkChoice('format', format, EXPORT_FORMATS);
  if (half && format !== 'safetensors') {
    throw new MicroYoloError(
      'invalid-argument',
      `half with format ${format}: only safetensors has it; leave it out`,
    );
  }
  const source = await modelFile(options.model);
  const path = options.out ?? `${basename(source, extname(source))}.${format}`;
  await checkOverwritesNone(path, [source, weights ?? defaultWeights(source), names], 'the model itself');
  if (extname(path).toLowerCase() !== `.${format}`) {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${path}: format ${format}, expected a name that ends in .${format}; fix ${option('out')} or ${option('format')}`,
    );
  }
  const { model, warnings } = await loadModel(source, { weights, names });
  const network = sizedNetwork(model.network, size);
  const sized = { ...model, network };
  if (format === 'onnx') await writeWholeFile(path, compileModel(sized));
  else await writeModel(path, sized, { half });
  return { path, bytes: (await stat(path)).size, warnings };
}
