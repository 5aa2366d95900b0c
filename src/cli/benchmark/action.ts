import * as z from 'zod';
import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { checkFolder } from '../../foundation/files/folders.ts';
import { BENCHMARK_DETECTION_OPTIONS, BENCHMARK_TRAINING_OPTIONS } from '../../options/benchmark.ts';
import {
  type BenchmarkDetectionOptions,
  benchmarkDetection,
  type DetectionBenchmark,
} from '../../tasks/benchmark/benchmark-detection.ts';
import {
  type BenchmarkTrainingOptions,
  benchmarkTraining,
  type TrainingBenchmark,
} from '../../tasks/benchmark/benchmark-training.ts';
import { saveBenchmark } from '../../tasks/benchmark/save.ts';
import { inFlags } from '../flags/option-flags.ts';
import { readFlags } from '../flags/read-table.ts';
import { Progress } from '../terminal/progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const OWN = {
  train: z.boolean().default(false),
  out: z.string().optional(),
  json: z.boolean().default(false),
};

const OPTIONS = { ...BENCHMARK_TRAINING_OPTIONS, ...BENCHMARK_DETECTION_OPTIONS };

/** What to pass in the other mode for the same purpose. */
const INSTEAD: Readonly<Record<string, string>> = {
  engine: '; detection takes --runtime',
  runtime: '; training takes --engine',
};

/** @throws MicroYoloError `invalid-argument` for a flag of the other mode */
function refuseOthers(raw: Record<string, unknown>, isTraining: boolean): void {
  const rows = isTraining ? BENCHMARK_TRAINING_OPTIONS : BENCHMARK_DETECTION_OPTIONS;
  const own = isTraining ? ['train', 'json'] : ['out', 'json'];
  const other = Object.keys(raw).find((name) => !(name in rows) && !own.includes(name));
  if (other === undefined) return;
  const mode = isTraining ? 'detection only' : '--train only';
  throw new MicroYoloError(
    'invalid-argument',
    `--${other} ${JSON.stringify(raw[other])}: expected with ${mode}${INSTEAD[other] ?? ''}`,
    { field: other, received: raw[other] },
  );
}

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

async function runTraining(options: BenchmarkTrainingOptions): Promise<TrainingBenchmark> {
  const progress = new Progress('steps');
  const notes: string[] = [];
  try {
    return await benchmarkTraining(options, {
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
}

async function runDetection(options: BenchmarkDetectionOptions): Promise<DetectionBenchmark> {
  const progress = new Progress('runs');
  try {
    return await benchmarkDetection(options, {
      onEvent: (event) => (event.type === 'started' ? progress.start(event.total) : progress.step()),
    });
  } finally {
    progress.stop();
  }
}

/** Runs `benchmark`. Returns the exit code. */
export async function runBenchmark(raw: Record<string, unknown>): Promise<number> {
  type Options = BenchmarkDetectionOptions & Omit<BenchmarkTrainingOptions, 'model'>;
  const { options, own } = readFlags<Options, typeof OWN>(OPTIONS, OWN, raw);
  refuseOthers(raw, own.train);
  const { out, json } = own;
  if (out !== undefined) await checkFolder(out);
  if (own.train) {
    const report = await runTraining({ ...options, model: options.model ?? 'micro-yolo' });
    if (json) console.log(JSON.stringify(report, null, 2));
    else printTraining(report);
  } else {
    const report = await runDetection(options);
    if (out !== undefined) await saveBenchmark(out, report);
    if (json) console.log(JSON.stringify(report, null, 2));
    else printDetection(report);
  }
  return EXIT.done;
}
