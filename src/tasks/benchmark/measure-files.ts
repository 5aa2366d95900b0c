import { stat } from 'node:fs/promises';
import { isFile } from '../../foundation/files/folders.ts';
import { modelFile } from '../../models/load.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import type { ComparedNetwork } from './compared-network.ts';

/** What is known of a model's file, and by measuring it. */
export type FileFigures = Pick<ComparedNetwork, 'bytes' | 'AP' | 'AP50'>;

/**
 * The bytes of the files that names mean, and their AP on data.
 * @param names networks without a file have no figures
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
