import * as z from 'zod';
import { type ListedModel, listModels } from '../../tasks/models/list-models.ts';
import { parseFlags } from '../flags/read-flags.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const flags = z.strictObject({ json: z.boolean().default(false) });

function printModels(models: readonly ListedModel[]): void {
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'model' },
    ...['input', 'size', 'parameters', 'MACs', 'AP', 'AP50'].map(right),
    { title: 'license' },
    { title: 'availability' },
  ];
  const rows = models.map(({ name, input, bytes, parameters, macs, evaluation, license, place }) => [
    name,
    input.join('×'),
    `${(bytes / 1e6).toFixed(2)} MB`,
    `${(parameters / 1e6).toFixed(2)} M`,
    `${(macs / 1e9).toFixed(3)} G`,
    evaluation.AP.toFixed(3),
    evaluation.AP50.toFixed(3),
    license,
    { shipped: 'with the package', fetched: 'already downloaded', remote: 'downloaded on first use' }[place],
  ]);
  console.log(formatTable(columns, rows));
  for (const { name, about, source, evaluation } of models) {
    console.log(`\n${name}: ${about}\n  from ${source}\n  AP on ${evaluation.data}`);
  }
}

/** Runs `models`. Returns the exit code. */
export function runModels(raw: Record<string, unknown>): number {
  const { json } = parseFlags(flags, raw);
  const models = listModels();
  if (json) console.log(JSON.stringify(models, null, 2));
  else printModels(models);
  return EXIT.done;
}
