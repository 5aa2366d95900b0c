import * as z from 'zod';
import { printable } from '../../foundation/errors/errors.ts';
import { benchmarkDetection, type DetectionBenchmark } from '../../tasks/benchmark/benchmark-detection.ts';
import { benchmarkTraining, type TrainingBenchmark } from '../../tasks/benchmark/benchmark-training.ts';
import { ENGINES, RUNTIMES } from '../../tasks/engine-names.ts';
import { inFlags } from '../flags/option-flags.ts';
import { integerFlag, parseFlags, sizeFlag } from '../flags/read-flags.ts';
import { Progress } from '../terminal/progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const common = {
  model: z.string(),
  size: sizeFlag.optional(),
  steps: integerFlag(1, 100_000),
  requireGpu: z.boolean().default(false),
  threads: integerFlag(1, 1024).optional(),
  json: z.boolean().default(false),
};

const trainingFlags = z.strictObject({
  ...common,
  train: z.literal(true),
  batch: integerFlag(1, 4096).default(8),
  engine: z.enum(ENGINES, `expected ${ENGINES.join(', ')}`).default('auto'),
  tune: z.boolean().default(false),
  runtime: z.undefined('expected with detection only; training takes --engine').optional(),
  as: z.undefined('expected with detection only').optional(),
});

const onlyTraining = z.undefined('expected with --train only').optional();
const detectionFlags = z.strictObject({
  ...common,
  batch: integerFlag(1, 4096).optional(),
  runtime: z.enum(RUNTIMES, `expected ${RUNTIMES.join(', ')}`).optional(),
  engine: z.undefined('expected with --train only; detection takes --runtime').optional(),
  tune: onlyTraining,
  as: z.string().optional(),
});

const ms = (value: number) => `${value.toFixed(1)} ms`;

function printDetection({
  model,
  input,
  batch,
  runtime,
  median,
  fastest,
  slowest,
  imagesPerSecond,
}: DetectionBenchmark): void {
  console.log(`${model} at ${input.width}×${input.height}, batch ${batch}, ${printable(runtime)}

network   ${ms(median)} (median; ${ms(fastest)} to ${ms(slowest)})
speed     ${imagesPerSecond.toFixed(1)} images/s`);
}

function printTraining({
  model,
  input,
  batch,
  engine,
  device,
  median,
  fastest,
  slowest,
  imagesPerSecond,
  preparing,
  residentMemory,
  slowestOperations,
}: TrainingBenchmark): void {
  console.log(`${model} at ${input.width}×${input.height}, batch ${batch}, ${engine} on ${device}

step      ${ms(median)} (median; ${ms(fastest)} to ${ms(slowest)})
speed     ${imagesPerSecond.toFixed(1)} images/s
memory    ${Math.round(residentMemory / 2 ** 20)} MiB resident
preparing ${preparing.toFixed(2)} s`);
  if (slowestOperations.length === 0) return;
  console.log('\nThe most expensive operations of a step:');
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

async function runTraining(raw: Record<string, unknown>): Promise<void> {
  const { json, train: _, runtime: __, as: ___, ...options } = parseFlags(trainingFlags, raw);
  const progress = new Progress('steps');
  const notes: string[] = [];
  let report: TrainingBenchmark;
  try {
    report = await benchmarkTraining(options, {
      onEvent: (event) => {
        if (event.type === 'note') notes.push(printable(event.message));
        else if (event.type === 'started') progress.start(event.steps);
        else progress.step();
      },
    });
  } finally {
    progress.stop();
    for (const note of notes) console.error(inFlags(`note: ${note}`));
  }
  if (json) console.log(JSON.stringify(report, null, 2));
  else printTraining(report);
}

async function runDetection(raw: Record<string, unknown>): Promise<void> {
  const { json, engine: _, tune: __, ...options } = parseFlags(detectionFlags, raw);
  const progress = new Progress('runs');
  progress.start(options.steps);
  let report: DetectionBenchmark;
  try {
    report = await benchmarkDetection(options, () => progress.step());
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify(report, null, 2));
  else printDetection(report);
}

/** Runs `benchmark`. Returns the exit code. */
export async function runBenchmark(raw: Record<string, unknown>): Promise<number> {
  await (raw['train'] === undefined ? runDetection : runTraining)(raw);
  return EXIT.done;
}
