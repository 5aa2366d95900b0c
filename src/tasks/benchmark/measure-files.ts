import { stat } from 'node:fs/promises';
import { isFile } from '../../foundation/files/folders.ts';
import { modelFile } from '../../models/load.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import type { ComparedNetwork } from './compared-network.ts';

/** Size and accuracy of a model file. */
export type FileFigures = Pick<ComparedNetwork, 'bytes' | 'AP' | 'AP50'>;

/**
 * Measures the size of model files, and their AP on data.
 * @param names names or paths. Networks without a file are left out of the result
 * @param data to measure AP on. @default none
 */
export async function measureFiles(
  names: readonly string[],
  data: string | undefined,
  threads: number | undefined,
): Promise<ReadonlyMap<string, FileFigures>> {
  const figures = new Map<string, FileFigures>();
  for (const name of names) {
    const path = await modelFile(name);
    if (!(await isFile(path))) continue;
    const { size: bytes } = await stat(path);
    if (data === undefined) figures.set(name, { bytes });
    else {
      const { AP, AP50 } = (await evaluateModel({ model: path, data, threads })).metrics;
      figures.set(name, { bytes, AP, AP50 });
    }
  }
  return figures;
}
