import * as z from 'zod';
import { type CompressReport, compressModel } from '../../tasks/compress/compress-model.ts';
import { INITIALIZATIONS } from '../../tasks/compress/initializations.ts';
import { localModel } from '../flags/local-model.ts';
import { integerFlag, numberFlag, parseFlags } from '../flags/read-flags.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const flags = z.strictObject({
  model: z.string(),
  weights: z.string().optional(),
  centers: integerFlag(2, 4096),
  sparsity: numberFlag(0, 0.99),
  initialization: z.enum(INITIALIZATIONS, `expected ${INITIALIZATIONS.join(', ')}`),
  out: z.string().optional(),
  json: z.boolean().default(false),
});

function printReport({ path, bytes, stages }: CompressReport): void {
  const right = (title: string) => ({ title, align: 'right' as const });
  const names = {
    original: 'float32',
    pruned: 'without zeros',
    shared: 'numbers shared',
    coded: 'Huffman-coded',
  } as const;
  const rows = Object.entries(names).map(([stage, name]) => {
    const size = stages[stage as keyof typeof names];
    return [name, Math.round(size).toLocaleString('en-US'), (stages.original / size).toFixed(2)];
  });
  console.log(formatTable([{ title: 'weights' }, right('bytes'), right('times smaller')], rows));
  console.log(`\n${path}: ${bytes.toLocaleString('en-US')} bytes`);
}

/** Runs `compress`. Returns the exit code. */
export async function runCompress(raw: Record<string, unknown>): Promise<number> {
  const { json, ...options } = parseFlags(flags, raw);
  const report = await compressModel({ ...options, model: await localModel(options.model) });
  for (const warning of report.warnings) console.error(`warning: ${warning}`);
  if (json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  return EXIT.done;
}
