import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Size } from '../../boxes/formats.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { ItemEvent, StartedEvent } from '../../foundation/events.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { DEFAULT_MODEL } from '../../models/fetch/catalog.ts';
import { BENCHMARK_DETECTION_OPTIONS } from '../../options/benchmark.ts';
import type { RuntimeOptions } from '../../options/loading.ts';
import { checkBatch, loadBenchmarkModel, openContender } from './contender.ts';
import { comparePeers, type PeersBenchmark } from './peers.ts';
import { STAGES, type Stage, type StageTimes } from './stages.ts';
import { measureThroughput, type Throughput } from './throughput.ts';
import { summarize, type Timings } from './timings.ts';

export interface BenchmarkDetectionOptions extends RuntimeOptions {
  /** Model file, or the name of a network. @default the model that `detect` uses */
  readonly model?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Family of an `.onnx` file, if the file does not show it. */
  readonly as?: string | undefined;
  /** Images per run. @default 1, or the graph's batch size */
  readonly batch?: number | undefined;
  /** Number of timed runs. @default 20 */
  readonly steps?: number | undefined;
  /** Photo to detect objects in. @default a bundled one of 768×512 pixels */
  readonly image?: string | undefined;
  /** Whether to also measure images per second by threads and batch size. @default false */
  readonly throughput?: boolean | undefined;
  /** Whether to also time the network in other Python packages. @default false */
  readonly compare?: boolean | undefined;
}

/** Progress events of timing detection. The items are the timed runs. */
export type BenchmarkDetectionEvent = StartedEvent | ItemEvent;

/** Times of a run from a photo's bytes to boxes, in milliseconds. */
export interface DetectionBenchmark extends Timings {
  /** Path or name of the model. */
  readonly model: string;
  /** Size of the network's input, in pixels. */
  readonly input: Size;
  /** Images in each run. */
  readonly batch: number;
  /** Runtime and device. */
  readonly runtime: string;
  /** Images per second from bytes to boxes, at the median time. */
  readonly imagesPerSecond: number;
  /** Times of the stages of a run: `decode`, `resize` and `network`; for a detector, also `decoding` and `nms`. */
  readonly stages: Readonly<Partial<Record<Stage, Timings>>>;
  /** Milliseconds until the first result. */
  readonly coldStart: {
    /** Time to load the model. */
    readonly load: number;
    /** Time of the first run. */
    readonly first: number;
    /** From the start of this process to the end of the first run. */
    readonly total: number;
  };
  /** Resident memory of this process, in bytes. */
  readonly memory: {
    /** Memory now. */
    readonly resident: number;
    /** Peak memory. */
    readonly peak: number;
  };
  /** Images per second by threads and batch size. Only present with `throughput`. */
  readonly throughput?: readonly Throughput[];
  /** Comparison with other Python packages. Only present with `compare`. */
  readonly compared?: PeersBenchmark;
}

const WARM_UP = 2;
const PHOTO = fileURLToPath(new URL('../../../docs/images/meadow.jpg', import.meta.url));

function stageTimings(runs: readonly StageTimes[]): Partial<Record<Stage, Timings>> {
  const measured = STAGES.filter((stage) => runs[0]?.[stage] !== undefined);
  return Object.fromEntries(measured.map((stage) => [stage, summarize(runs.map((run) => run[stage]!))]));
}

/**
 * Times a detector or a classifier on a photo, from its bytes to boxes or classes. Reports whole runs and their stages.
 * @throws MicroYoloError if the model is unknown or the runtime does not start
 */
export async function benchmarkDetection(
  options: BenchmarkDetectionOptions = {},
  watch: Watch<BenchmarkDetectionEvent> = {},
): Promise<DetectionBenchmark> {
  const onEvent = watching(watch);
  checkOptions('benchmarkDetection options', options, BENCHMARK_DETECTION_OPTIONS);
  const {
    model: name = DEFAULT_MODEL,
    size,
    as,
    steps = BENCHMARK_DETECTION_OPTIONS.steps.default,
    image = PHOTO,
    throughput,
    compare,
    ...others
  } = options;
  const { batch: asked, ...running } = others;
  const photo = await readWholeFile(image, 'an image');
  const loading = performance.now();
  const loaded = await loadBenchmarkModel(name, size, as);
  const batch = asked ?? loaded.batch ?? 1;
  checkBatch(loaded, batch);
  await using contender = await openContender(loaded.model, running);
  const load = performance.now() - loading;
  const totals: number[] = [];
  const runs: StageTimes[] = [];
  let coldStart: DetectionBenchmark['coldStart'] | undefined;
  onEvent({ type: 'started', total: steps });
  for (let index = -WARM_UP; index < steps; index++) {
    const started = performance.now();
    const parts = await contender.run(photo, batch);
    const ended = performance.now();
    coldStart ??= { load, first: ended - started, total: ended };
    if (index < 0) continue;
    totals.push(ended - started);
    runs.push(parts);
    onEvent({ type: 'item' });
  }
  const timings = summarize(totals);
  const { input, runtime } = contender;
  const memory = { resident: process.memoryUsage.rss(), peak: 1024 * process.resourceUsage().maxRSS };
  const report = { model: loaded.name, input, batch, runtime, ...timings };
  return {
    ...report,
    imagesPerSecond: (1000 * batch) / timings.median,
    stages: stageTimings(runs),
    coldStart: coldStart!,
    memory,
    ...(throughput && { throughput: await measureThroughput(loaded, photo, running, steps) }),
    ...(compare && { compared: await compared(loaded.model, running, steps) }),
  };
}

async function compared(
  model: Parameters<typeof openContender>[0],
  { threads = availableParallelism() }: RuntimeOptions,
  rounds: number,
): Promise<PeersBenchmark> {
  if ('network' in model) return comparePeers(model, { threads, rounds });
  throw new MicroYoloError(
    'unsupported',
    `compare: ${model.name} is an ONNX graph from another library; expected a .safetensors, a .cfg or a name`,
  );
}
