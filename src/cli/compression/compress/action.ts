import * as z from 'zod';
import { COMPRESS_OPTIONS } from '../../../options/compress.ts';
import {
  type CompressOptions,
  type CompressReport,
  compressModel,
} from '../../../tasks/compress/compress-model.ts';
import { localModel } from '../../flags/local-model.ts';
import { readFlags } from '../../flags/read-table.ts';
import { EXIT } from '../../terminal/report.ts';
import { formatTable } from '../../terminal/table.ts';

const OWN = { json: z.boolean().default(false) };

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
  const { options, own } = readFlags<CompressOptions, typeof OWN>(COMPRESS_OPTIONS, OWN, raw);
  const report = await compressModel({ ...options, model: await localModel(options.model) });
  for (const warning of report.warnings) console.error(`warning: ${warning}`);
  if (own.json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  return EXIT.done;
}
