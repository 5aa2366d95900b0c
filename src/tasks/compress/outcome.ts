import { extname, resolve } from 'node:path';
import { isInterruption } from '../../foundation/abort.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';

/** Folder of the training runs, beside the output file. */
export function trainingFolder(path: string): string {
  return `${resolve(path).replace(/\.safetensors$/i, '')}.training`;
}

/** Waits for a promise. Returns undefined if it was interrupted. */
export async function unlessInterrupted<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isInterruption(error)) return undefined;
    throw error;
  }
}

/** @throws MicroYoloError `unsupported` if AP50 fell by more than allowed */
export function checkDrop(maxDrop: number | undefined, original: number, last: number): void {
  if (maxDrop === undefined || original - last <= maxDrop / 100 + 1e-9) return;
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
  throw new MicroYoloError(
    'unsupported',
    `maxDrop ${maxDrop}: AP50 fell from ${percent(original)} to ${percent(last)}, so nothing is written; compress less, train longer, or allow a larger drop`,
    { field: 'maxDrop', received: maxDrop },
  );
}

/** The file to write. @throws MicroYoloError `invalid-argument` for another extension */
export function outputPath(out: string | undefined, otherwise: string): string {
  const path = out ?? otherwise;
  if (extname(path).toLowerCase() === '.safetensors') return path;
  throw new MicroYoloError(
    'invalid-argument',
    `out ${path}: expected a name that ends in .safetensors; fix ${option('out')}`,
    { field: 'out', received: path },
  );
}
