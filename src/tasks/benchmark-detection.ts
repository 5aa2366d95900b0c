import type { Size } from '../boxes/formats.ts';
import { checkOptions, type OptionKinds } from '../check-options.ts';
import { checkRange } from '../check-range.ts';
import { ImageNetwork } from '../inference/image-network.ts';
import { sizedNetwork } from '../inference/load-sized.ts';
import type { RuntimeOptions } from '../inference/runtimes.ts';
import { initializeWeights } from '../model/initialize.ts';
import { loadNetwork } from '../model/load.ts';
import { DEFAULT_RECIPE } from '../model/model.ts';
import { classCount } from '../network/layers.ts';
import { drawnImages } from './benchmark-training.ts';
import { summarize, type Timings } from './timings.ts';

export interface BenchmarkDetectionOptions extends RuntimeOptions {
  /** Model file, or the name of a network. */
  readonly model: string;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Images a run. @default 1 */
  readonly batch?: number | undefined;
  /** Runs that count. @default 20 */
  readonly steps?: number | undefined;
}

const KINDS: OptionKinds<BenchmarkDetectionOptions> = {
  model: 'required string',
  size: 'size',
  batch: 'number',
  steps: 'number',
  runtime: 'string',
  threads: 'number',
  requireGpu: 'boolean',
  features: 'strings',
};

/** Of the network alone. */
export interface DetectionBenchmark extends Timings {
  readonly model: string;
  readonly input: Size;
  readonly batch: number;
  /** Runtime and device. */
  readonly runtime: string;
  readonly imagesPerSecond: number;
}

const WARM_UP = 2;

/**
 * Times a detector's or a classifier's network on drawn images: without decoding, and without what comes after.
 * @param onRun hears of each run that counts
 * @throws MicroYoloError where the model is unknown or the runtime does not start
 */
export async function benchmarkDetection(
  options: BenchmarkDetectionOptions,
  onRun: () => void = () => {},
): Promise<DetectionBenchmark> {
  checkOptions('benchmarkDetection options', options, KINDS);
  const { size, batch = 1, steps = 20 } = options;
  checkRange('batch', batch, 1, 4096, true);
  checkRange('steps', steps, 1, 100_000, true);
  const loaded = await loadNetwork(options.model);
  const network = sizedNetwork(loaded.network, size);
  // What the weights are makes no difference to the time.
  const weights = initializeWeights(network, 1);
  const classes = Array.from({ length: classCount(network) }, (_, index) => `class ${index}`);
  await using running = await ImageNetwork.open(
    { network, weights, classes, recipe: DEFAULT_RECIPE, provenance: {} },
    options,
  );
  const images = drawnImages(batch, running.input, classes.length);
  const pixels = Uint8Array.from(Buffer.concat(images.map((image) => image.pixels)));
  const times: number[] = [];
  for (let index = -WARM_UP; index < steps; index++) {
    const started = performance.now();
    await running.run(pixels);
    if (index < 0) continue;
    times.push(performance.now() - started);
    onRun();
  }
  const timings = summarize(times);
  return {
    model: network.name,
    input: running.input,
    batch,
    runtime: running.runtime,
    ...timings,
    imagesPerSecond: (1000 * batch) / timings.median,
  };
}
