import { z } from 'zod';
import { printable } from '../errors.ts';
import { benchmarkTraining, type TrainingBenchmark } from '../tasks/benchmark-training.ts';
import { integerFlag, parseFlags, sizeFlag } from './flags.ts';
import { Progress } from './progress.ts';
import { EXIT } from './report.ts';
import { formatTable } from './table.ts';

const flags = z.strictObject({
  model: z.string(),
  train: z.literal(true),
  batch: integerFlag(1, 4096),
  size: sizeFlag.optional(),
  steps: integerFlag(1, 100_000),
  engine: z.enum(['auto', 'onnx-blocked', 'onnx-plain'], 'expected auto, onnx-blocked or onnx-plain'),
  tune: z.boolean().default(false),
  threads: integerFlag(1, 1024).optional(),
  json: z.boolean().default(false),
});

function printBenchmark({
  model,
  input,
  batch,
  engine,
  median,
  fastest,
  slowest,
  imagesPerSecond,
  preparing,
  residentMemory,
  slowestOperations,
}: TrainingBenchmark): void {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(`${model} at ${input.width}×${input.height}, batch ${batch}, ${engine}

step      ${ms(median)} (median; ${ms(fastest)} to ${ms(slowest)})
speed     ${imagesPerSecond.toFixed(1)} images/s
memory    ${Math.round(residentMemory / 2 ** 20)} MiB resident
preparing ${preparing.toFixed(2)} s

The most expensive operations of a step:`);
  const columns = [
    { title: 'operation' },
    { title: 'time', align: 'right' as const },
    { title: 'shapes of its inputs' },
  ];
  const rows = slowestOperations.map(({ operation, milliseconds, shapes }) => [
    operation,
    ms(milliseconds),
    shapes.join(', '),
  ]);
  console.log(formatTable(columns, rows));
}

/** Runs `benchmark`. Returns the exit code. */
export async function runBenchmark(raw: Record<string, unknown>): Promise<number> {
  const { json, train: _, ...options } = parseFlags(flags, raw);
  const progress = new Progress('steps');
  const notes: string[] = [];
  let report: TrainingBenchmark;
  try {
    report = await benchmarkTraining(options, (event) => {
      if (event.type === 'note') notes.push(printable(event.message));
      else if (event.type === 'started') progress.start(event.steps);
      else progress.step();
    });
  } finally {
    progress.stop();
    for (const note of notes) console.error(`note: ${note}`);
  }
  if (json) console.log(JSON.stringify(report, null, 2));
  else printBenchmark(report);
  return EXIT.done;
}
