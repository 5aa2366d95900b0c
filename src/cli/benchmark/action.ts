import * as z from 'zod';
import { printable } from '../../foundation/errors/errors.ts';
import { checkFolder } from '../../foundation/files/folders.ts';
import { benchmarkDetection, type DetectionBenchmark } from '../../tasks/benchmark/benchmark-detection.ts';
import { benchmarkTraining, type TrainingBenchmark } from '../../tasks/benchmark/benchmark-training.ts';
import { saveBenchmark } from '../../tasks/benchmark/save.ts';
import { ENGINES, RUNTIMES } from '../../tasks/engine-names.ts';
import { inFlags } from '../flags/option-flags.ts';
import { integerFlag, parseFlags, sizeFlag } from '../flags/read-flags.ts';
import { Progress } from '../terminal/progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const common = {
  size: sizeFlag.optional(),
  steps: integerFlag(1, 100_000),
  requireGpu: z.boolean().default(false),
  threads: integerFlag(1, 1024).optional(),
  json: z.boolean().default(false),
};

const onlyDetection = z.undefined('expected with detection only').optional();

const trainingFlags = z.strictObject({
  ...common,
  model: z.string().default('micro-yolo'),
  image: onlyDetection,
  throughput: onlyDetection,
  compare: onlyDetection,
  out: onlyDetection,
  train: z.literal(true),
  batch: integerFlag(1, 4096).default(8),
  engine: z.enum(ENGINES, `expected ${ENGINES.join(', ')}`).default('auto'),
  tune: z.boolean().default(false),
  runtime: z.undefined('expected with detection only; training takes --engine').optional(),
  as: onlyDetection,
});

const onlyTraining = z.undefined('expected with --train only').optional();
const detectionFlags = z.strictObject({
  ...common,
  model: z.string().optional(),
  image: z.string().optional(),
  throughput: z.boolean().default(false),
  compare: z.boolean().default(false),
  out: z.string().optional(),
  batch: integerFlag(1, 4096).optional(),
  runtime: z.enum(RUNTIMES, `expected ${RUNTIMES.join(', ')}`).optional(),
  engine: z.undefined('expected with --train only; detection takes --runtime').optional(),
  tune: onlyTraining,
  as: z.string().optional(),
});

const ms = (value: number) => `${value.toFixed(1)} ms`;

const right = (title: string) => ({ title, align: 'right' as const });
const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

function printThroughput(throughput: NonNullable<DetectionBenchmark['throughput']>): void {
  const rows = throughput.map(({ threads, batch, imagesPerSecond }) => [
    String(threads),
    String(batch),
    imagesPerSecond.toFixed(1),
  ]);
  console.log(`\n${formatTable([right('threads'), right('batch'), right('images/s')], rows)}`);
}

function printCompared({ own, peers, missing }: NonNullable<DetectionBenchmark['compared']>): void {
  const rows = [
    ['micro-yolo', ms(own), '1.00 ×', ''],
    ...peers.map(({ name, median, ratio, difference }) => [
      name,
      ms(median),
      `${ratio.toFixed(2)} ×`,
      difference.toExponential(1),
    ]),
  ];
  console.log(
    `\n${formatTable([{ title: 'network' }, right('time'), right(''), right('difference')], rows)}`,
  );
  for (const peer of missing) console.log(`missing: ${printable(peer)}`);
}

function printDetection(report: DetectionBenchmark): void {
  const { model, input, batch, runtime, median, fastest, slowest, imagesPerSecond } = report;
  const { stages, coldStart, memory, throughput, compared } = report;
  console.log(`${model} at ${input.width}×${input.height}, batch ${batch}, ${printable(runtime)}\n`);
  const rows = [...Object.entries(stages), ['all', { median, fastest, slowest }] as const].map(
    ([stage, times]) => [stage, ms(times.median), ms(times.fastest), ms(times.slowest)],
  );
  console.log(formatTable([{ title: 'part' }, right('median'), right('fastest'), right('slowest')], rows));
  console.log(`
speed      ${imagesPerSecond.toFixed(1)} images/s
cold start ${ms(coldStart.total)} (loading ${ms(coldStart.load)}, first run ${ms(coldStart.first)})
memory     ${mib(memory.resident)} resident, ${mib(memory.peak)} at most`);
  if (throughput) printThroughput(throughput);
  if (compared) printCompared(compared);
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
  const { json, train: _, ...parsed } = parseFlags(trainingFlags, raw);
  const { model, size, steps, requireGpu, threads, batch, engine, tune } = parsed;
  const options = { model, size, steps, requireGpu, threads, batch, engine, tune };
  const progress = new Progress('steps');
  const notes: string[] = [];
  let report: TrainingBenchmark;
  try {
    report = await benchmarkTraining(options, {
      onEvent: (event) => {
        if (event.type === 'note') notes.push(printable(event.message));
        else if (event.type === 'started') progress.start(event.total);
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
  const { json, out, engine: _, tune: __, ...options } = parseFlags(detectionFlags, raw);
  if (out !== undefined) await checkFolder(out);
  const progress = new Progress('runs');
  let report: DetectionBenchmark;
  try {
    report = await benchmarkDetection(options, {
      onEvent: (event) => (event.type === 'started' ? progress.start(event.total) : progress.step()),
    });
  } finally {
    progress.stop();
  }
  if (out !== undefined) await saveBenchmark(out, report);
  if (json) console.log(JSON.stringify(report, null, 2));
  else printDetection(report);
}

/** Runs `benchmark`. Returns the exit code. */
export async function runBenchmark(raw: Record<string, unknown>): Promise<number> {
  await (raw['train'] === undefined ? runDetection : runTraining)(raw);
  return EXIT.done;
}
