import { z } from 'zod';
import { type ModelReport, reportModel } from '../tasks/report-model.ts';
import { parseFlags, sizeFlag } from './flags.ts';
import { localModel } from './local-model.ts';
import { EXIT } from './report.ts';
import { formatTable } from './table.ts';

const flags = z.strictObject({
  size: sizeFlag.optional(),
  diagram: z.string().optional(),
  json: z.boolean().default(false),
});

const count = (value: number) => value.toLocaleString('en-US');

function printReport({
  name,
  input,
  parameters,
  macs,
  memoryAccess,
  activationMemory,
  layers,
  classes,
}: ModelReport): void {
  const columns = [
    { title: 'layer' },
    { title: 'type' },
    ...['output', 'parameters', 'MACs', 'memory access'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = layers.map((layer) => [
    layer.name,
    layer.type,
    layer.shape.join('×'),
    count(layer.parameters.total),
    count(layer.macs),
    count(layer.memoryAccess),
  ]);
  console.log(formatTable(columns, rows));
  console.log(`
${name}: ${classes} classes, input ${input.join('×')} (channels × height × width)
parameters         ${count(parameters.trainable)} trainable, ${count(parameters.total)} in all
multiply-accumulates ${count(macs)} (${(macs / 1e9).toFixed(3)} G; flops ${((2 * macs) / 1e9).toFixed(3)} G)
memory access      ${count(memoryAccess)} elements
activation memory  ${((4 * activationMemory) / 2 ** 20).toFixed(1)} MiB at most, as float32`);
}

/** Runs `info`. Returns the exit code. */
export async function runInfo(model: string, raw: Record<string, unknown>): Promise<number> {
  const { size, diagram, json } = parseFlags(flags, raw);
  const report = await reportModel(await localModel(model), { size, diagram });
  if (json) console.log(JSON.stringify(report, null, 2));
  else {
    printReport(report);
    if (diagram !== undefined) console.log(`diagram drawn in ${diagram}`);
  }
  return EXIT.done;
}
