import { basename, join } from 'node:path';
import { makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { renderModelComparison } from '../../reports/comparison/models.ts';
import type { ComparedNetwork } from './compared-network.ts';

/** Parses the AP from the accuracy stored in a model file: `AP 0.123, AP50 0.345 (val)`. */
function statedPrecision(accuracy: string | undefined): number | undefined {
  const found = accuracy === undefined ? null : /\bAP ([\d.]+)( %)?/.exec(accuracy);
  if (!found) return undefined;
  const value = Number(found[1]);
  return found[2] === undefined ? value : value / 100;
}

/**
 * Writes a page that compares models: AP against time, multiply-accumulates and bytes.
 * @param data data that AP was measured on. Without it, AP is read from the model files
 */
export async function reportComparison(
  compared: readonly ComparedNetwork[],
  { report, data }: { readonly report: string; readonly data?: string | undefined },
): Promise<string> {
  const models = compared.map(({ name, accuracy, input, milliseconds, macs, parameters, bytes, AP }) => ({
    name: basename(name),
    AP: AP ?? statedPrecision(accuracy),
    accuracy: AP === undefined ? accuracy : data,
    input,
    milliseconds,
    macs,
    parameters: parameters.total,
    bytes,
  }));
  await makeFolder(report);
  const page = join(report, 'index.html');
  await writeWholeFile(page, renderModelComparison(models));
  return page;
}
