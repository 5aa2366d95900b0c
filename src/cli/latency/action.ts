import * as z from 'zod';
import { type LatencyReport, reportLatency } from '../../tasks/latency/report-latency.ts';
import { localModel } from '../flags/local-model.ts';
import { integerFlag, parseFlags, sizeFlag } from '../flags/read-flags.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const flags = z.strictObject({
  size: sizeFlag.optional(),
  threads: integerFlag(1, 1024).optional(),
  runs: integerFlag(1, 100_000),
  tables: z.string().optional(),
  json: z.boolean().default(false),
});

const ms = (value: number) => value.toFixed(3);

function printLatency({ name, input, predicted, measured, layers }: LatencyReport): void {
  const columns = [
    { title: 'layer' },
    { title: 'operation' },
    ...['predicted, ms', 'measured, ms'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = layers.map((layer) => [
    layer.layer ?? '–',
    layer.operation,
    ms(layer.predicted),
    ms(layer.measured),
  ]);
  console.log(formatTable(columns, rows));
  const difference = (100 * (predicted / measured - 1)).toFixed(1);
  console.log(
    `\n${name} at ${input.width}×${input.height}: ${ms(predicted)} ms predicted, ${ms(measured)} ms measured (${difference} %)`,
  );
}

/** Runs `latency`. Returns the exit code. */
export async function runLatency(model: string, raw: Record<string, unknown>): Promise<number> {
  const { json, ...options } = parseFlags(flags, raw);
  const report = await reportLatency({ ...options, model: await localModel(model) });
  if (json) console.log(JSON.stringify(report, null, 2));
  else printLatency(report);
  return EXIT.done;
}
