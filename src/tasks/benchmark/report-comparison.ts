import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { renderModelComparison } from '../../reports/comparison/models.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import type { ComparedNetwork } from './compared-network.ts';

/** What the model's file says of itself: `AP 0.123, AP50 0.345 (val)`. */
function statedPrecision(accuracy: string | undefined): number | undefined {
  const found = accuracy === undefined ? null : /\bAP ([\d.]+)( %)?/.exec(accuracy);
  if (!found) return undefined;
  const value = Number(found[1]);
  return found[2] === undefined ? value : value / 100;
}

/** Bytes of the file that a name means; undefined of a network that has none. */
async function bytesOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

/**
 * Writes a page that compares models: AP against time, multiply-accumulates and bytes.
 * @param files of the models, by name; a network has none
 * @param data to measure AP on; without it AP is what the models' files say
 */
export async function reportComparison(
  compared: readonly ComparedNetwork[],
  files: ReadonlyMap<string, string>,
  { report, data }: { readonly report: string; readonly data?: string | undefined },
): Promise<string> {
  const models = [];
  for (const { name, accuracy, input, milliseconds, macs, parameters } of compared) {
    const path = files.get(name);
    const measured =
      data === undefined || path === undefined ? undefined : await evaluateModel({ model: path, data });
    models.push({
      name: basename(name),
      AP: measured?.metrics.AP ?? statedPrecision(accuracy),
      accuracy: measured ? data : accuracy,
      input,
      milliseconds,
      macs,
      parameters: parameters.total,
      bytes: path === undefined ? undefined : await bytesOf(path),
    });
  }
  await makeFolder(report);
  const page = join(report, 'index.html');
  await writeWholeFile(page, renderModelComparison(models));
  return page;
}
