import type { Size } from '../../boxes/formats.ts';
import { openDetectorNetwork } from '../../detection/detector-network.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import { defaultClassNames } from '../../foundation/classes/class-names.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { placeImage } from '../../image/letterbox.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { initializeWeights } from '../../models/initialize.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import { DEFAULT_RECIPE } from '../../models/model.ts';
import { ImageNetwork } from '../../models/running/image-network.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { classCount } from '../../network/layers.ts';
import type { RuntimeOptions } from '../../options/loading.ts';
import { drawnImages } from './benchmark-training.ts';
import { summarize, type Timings } from './timings.ts';

/** Options of timing detection. */
export interface BenchmarkDetectionOptions extends RuntimeOptions {
  /** Model file, or the name of a network. */
  readonly model: string;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Family of an `.onnx` file, if it does not tell. */
  readonly as?: string | undefined;
  /** Images a run. @default 1, or what the graph takes */
  readonly batch?: number | undefined;
  /** Runs that count. @default 20 */
  readonly steps?: number | undefined;
}

const KINDS: OptionKinds<BenchmarkDetectionOptions> = {
  model: 'required string',
  size: 'size',
  as: 'string',
  batch: 'number',
  steps: 'number',
  runtime: 'string',
  threads: 'number',
  requireGpu: 'boolean',
  features: 'strings',
};

/** Of the network alone. */
export interface DetectionBenchmark extends Timings {
  /** Name of the network. */
  readonly model: string;
  /** Size of the input, in pixels. */
  readonly input: Size;
  /** Images a run. */
  readonly batch: number;
  /** Runtime and device. */
  readonly runtime: string;
  /** By the median. */
  readonly imagesPerSecond: number;
}

const WARM_UP = 2;

/** A network that is loaded, and one run of it. */
interface Contender extends AsyncDisposable {
  readonly name: string;
  readonly input: Size;
  readonly runtime: string;
  run(): Promise<unknown>;
}

/** A network of this library, with random weights: what they are makes no difference to the time. */
async function openOwn(options: BenchmarkDetectionOptions, batch: number): Promise<Contender> {
  const loaded = await loadNetwork(options.model);
  const network = sizedNetwork(loaded.network, options.size);
  const weights = initializeWeights(network, 1);
  const classes = defaultClassNames(classCount(network));
  const model = { network, weights, classes, recipe: DEFAULT_RECIPE, provenance: {} };
  const running = await ImageNetwork.open(model, options);
  const images = drawnImages(batch, running.input, classes.length);
  const pixels = Uint8Array.from(Buffer.concat(images.map((image) => image.pixels)));
  return {
    name: network.name,
    input: running.input,
    runtime: running.runtime,
    run: () => running.run(pixels),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** A graph that others made; making its input of pixels is no part of a run. */
async function openForeign(
  model: GraphModel,
  options: BenchmarkDetectionOptions,
  batch: number,
): Promise<Contender> {
  if (batch !== model.input.batch) {
    throw new MicroYoloError(
      'invalid-argument',
      `batch ${batch}: ${options.model} needs exactly ${model.input.batch}; pass that number`,
      { field: 'batch', received: batch },
    );
  }
  const network = await openDetectorNetwork(model, options);
  const { input } = network;
  const [image] = drawnImages(1, input, 1);
  const placement = placeImage(input, input, 'stretch');
  const run = network.start({ pixels: image!.pixels, input, placement });
  return {
    name: model.name,
    input,
    runtime: network.runtime,
    run,
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/**
 * Times a detector's or a classifier's network on drawn images: without decoding, and without what comes after.
 * @param onRun hears of each run that counts
 * @throws MicroYoloError if the model is unknown or the runtime does not start
 */
export async function benchmarkDetection(
  options: BenchmarkDetectionOptions,
  onRun: () => void = () => {},
): Promise<DetectionBenchmark> {
  checkOptions('benchmarkDetection options', options, KINDS);
  const { size, as, steps = 20 } = options;
  if (options.batch !== undefined) checkRange('batch', options.batch, 1, 4096, true);
  checkRange('steps', steps, 1, 100_000, true);
  const graph = await openGraphModel(await modelFile(options.model), { size, as });
  const batch = options.batch ?? graph?.model.input.batch ?? 1;
  await using contender = graph
    ? await openForeign(graph.model, options, batch)
    : await openOwn(options, batch);
  const times: number[] = [];
  for (let index = -WARM_UP; index < steps; index++) {
    const started = performance.now();
    await contender.run();
    if (index < 0) continue;
    times.push(performance.now() - started);
    onRun();
  }
  const timings = summarize(times);
  const { name, input, runtime } = contender;
  return {
    model: name,
    input,
    batch,
    runtime,
    ...timings,
    imagesPerSecond: (1000 * batch) / timings.median,
  };
}
