import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Size } from '../../boxes/formats.ts';
import { type OperationTime, takeProfile } from '../../executors/onnx/step/profile.ts';
import type { EngineName } from '../../executors/step/names.ts';
import { createEngine } from '../../executors/step/select.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import type { ItemEvent, NoteEvent, StartedEvent } from '../../foundation/events.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { initializeWeights } from '../../models/initialize.ts';
import { loadNetwork } from '../../models/load.ts';
import { DEFAULT_RECIPE } from '../../models/model.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { trainedOutputs } from '../../network/detection-outputs.ts';
import { classCount } from '../../network/layers.ts';
import { BENCHMARK_TRAINING_DEFAULTS, BENCHMARK_TRAINING_OPTIONS } from '../../options/benchmark.ts';
import { bestAnchor } from '../../training/assigners/best-anchor.ts';
import { yoloHeads } from '../../training/heads/targets.ts';
import { detectionBatch } from '../../training/loader/batch.ts';
import { dropoutMasks } from '../../training/loader/dropout-masks.ts';
import { initialState } from '../../training/step/state.ts';
import { buildTrainingStep } from '../../training/step/step.ts';
import { BENCHMARK_SCALARS, drawnImages } from './drawn-images.ts';
import { summarize, type Timings } from './timings.ts';

/** Options for timing training. */
export interface BenchmarkTrainingOptions {
  /** Model file, or the name of a network. */
  readonly model: string;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Images per step. @default 8 */
  readonly batch?: number | undefined;
  /** Number of timed steps. @default 20 */
  readonly steps?: number | undefined;
  /** Engine that computes the steps. @default 'auto' */
  readonly engine?: EngineName | undefined;
  /** Whether to fail if no GPU computes. @default false */
  readonly requireGpu?: boolean | undefined;
  /** CPU threads. @default the number of cores */
  readonly threads?: number | undefined;
  /** Whether to first measure the forms of each gradient. @default false */
  readonly tune?: boolean | undefined;
}

/** Progress events of timing training. The items are the timed steps. */
export type BenchmarkTrainingEvent =
  | NoteEvent
  | StartedEvent
  | (ItemEvent & { readonly milliseconds: number });

/** Times of a training step. */
export interface TrainingBenchmark extends Timings {
  /** Name of the network. */
  readonly model: string;
  /** Size of the input, in pixels. */
  readonly input: Size;
  /** Images per step. */
  readonly batch: number;
  /** Engine that computed the steps. */
  readonly engine: string;
  /** Name of the device. */
  readonly device: string;
  /** Images per second at the median time. */
  readonly imagesPerSecond: number;
  /** Seconds from the network to the first step: recording, compiling, loading and checking. */
  readonly preparing: number;
  /** Resident memory of this process after the steps, in bytes. */
  readonly residentMemory: number;
  /** The five slowest operations. Only available from ONNX Runtime on the CPU. */
  readonly slowestOperations: readonly OperationTime[];
}

/** Number of profiled steps, besides the first. */
const PROFILED = 3;
/** Maximum number of true boxes per image. */
export const BENCHMARK_ROOM = 32;
const WARM_UP = 2;

/**
 * Times training steps of an untrained network: the whole step, with loss, clipping, update and moving average.
 * @throws MicroYoloError if the model is unknown or cannot be trained, or there is not enough memory
 */
export async function benchmarkTraining(
  options: BenchmarkTrainingOptions,
  watch: Watch<BenchmarkTrainingEvent> = {},
): Promise<TrainingBenchmark> {
  const onEvent = watching(watch);
  checkOptions('benchmarkTraining options', options, BENCHMARK_TRAINING_OPTIONS);
  const { batch = BENCHMARK_TRAINING_DEFAULTS.batch, steps = BENCHMARK_TRAINING_DEFAULTS.steps } = options;
  const { engine: wanted, requireGpu, threads, tune, size } = options;
  const loaded = await loadNetwork(options.model);
  const network = sizedNetwork(loaded.network, size);
  const [, height, width] = network.input;
  const input = { width, height };
  trainedOutputs(network);
  const heads = yoloHeads(network);
  const started = performance.now();
  const step = buildTrainingStep(network, { batch, truths: BENCHMARK_ROOM, pixels: DEFAULT_RECIPE });
  const state = initialState(step, initializeWeights(network, 1));
  const settings = {
    engine: wanted,
    requireGpu,
    threads,
    tune,
    onNote: (message: string) => onEvent({ type: 'note', message }),
  };
  const created = await createEngine(step, batch, state, settings);
  const preparing = (performance.now() - started) / 1000;
  const images = drawnImages(batch, input, classCount(network));
  const drawn = detectionBatch(images, input, heads, bestAnchor, BENCHMARK_ROOM).tensors;
  const masks = dropoutMasks(network, [...images.keys()]);
  const tensors = { ...drawn, ...masks };

  const times: number[] = [];
  let residentMemory = 0;
  {
    await using engine = created.engine;
    onEvent({ type: 'started', total: steps });
    for (let index = -WARM_UP; index < steps; index++) {
      const { milliseconds } = await engine.step(tensors, BENCHMARK_SCALARS);
      if (index < 0) continue;
      times.push(milliseconds);
      onEvent({ type: 'item', milliseconds });
    }
    residentMemory = process.memoryUsage.rss();
  }
  const isProfiled = created.engine.name === 'onnx-blocked' || created.engine.name === 'onnx-plain';
  const slowestOperations = !isProfiled
    ? []
    : await profileSteps((profile) =>
        createEngine(step, batch, state, { ...settings, tune: false, choices: created.choices, profile }),
      );
  async function profileSteps(create: (prefix: string) => ReturnType<typeof createEngine>) {
    const folder = await mkdtemp(join(tmpdir(), 'micro-yolo-'));
    try {
      const prefix = join(folder, 'profile');
      {
        const { engine } = await create(prefix);
        await using profiled = engine;
        for (let index = 0; index <= PROFILED; index++) await profiled.step(tensors, BENCHMARK_SCALARS);
      }
      return (await takeProfile(prefix)).slice(0, 5);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const timings = summarize(times);
  return {
    model: network.name,
    input,
    batch,
    engine: created.engine.name,
    device: created.engine.device.name,
    ...timings,
    imagesPerSecond: (1000 * batch) / timings.median,
    preparing,
    residentMemory,
    slowestOperations,
  };
}
