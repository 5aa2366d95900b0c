import * as z from 'zod';
import { LATENCY_OPTIONS } from '../../options/latency.ts';
import {
  type LatencyReport,
  type ReportLatencyOptions,
  reportLatency,
} from '../../tasks/latency/report-latency.ts';
import { localModel } from '../flags/local-model.ts';
import { readFlags } from '../flags/read-table.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const OWN = { json: z.boolean().default(false) };
type Flags = Omit<ReportLatencyOptions, 'model'>;

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
  const { options, own } = readFlags<Flags, typeof OWN>(LATENCY_OPTIONS, OWN, raw);
  const report = await reportLatency({ ...options, model: await localModel(model) });
  if (own.json) console.log(JSON.stringify(report, null, 2));
  else printLatency(report);
  return EXIT.done;
}
