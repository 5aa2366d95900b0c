import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { type RuntimeGraph, runtimeGraph } from '../../compression/latency/operations.ts';
import { LatencyTable, machineName } from '../../compression/latency/table.ts';
import { createSession } from '../../executors/onnx/session/session.ts';
import { lowestTenth } from '../../foundation/timing/median.ts';
import type { Tensors } from '../../graph/operations.ts';
import { compileModel } from '../../models/compile/compile.ts';
import { modelCacheFolder } from '../../models/fetch/download.ts';
import { IMAGE_INPUT } from '../../models/forward/photograph.ts';
import { DEFAULT_RECIPE } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import { filledWeights } from './filled-weights.ts';

/** Options for measuring times. */
export interface LatencyMeterOptions {
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Folder for the tables of measured times. `null` stores nothing. @default a folder in the system's cache folder */
  readonly tables?: string | null | undefined;
}

/** Number of timed runs of each operation. */
const RUNS = 30;

const require = createRequire(import.meta.url);
/** A function, so that importing the package reads no file. */
const runtimeVersion = () =>
  (require('onnxruntime-node/package.json') as { readonly version: string }).version;

/** Default folder for the tables of measured times, beside the cache of downloaded models. */
export const latencyFolder = () => join(dirname(modelCacheFolder()), 'latency');

/** Identifies what times depend on: machine, runtime version and threads. */
export const latencyMachine = (threads: number | undefined) =>
  machineName(`ONNX Runtime ${runtimeVersion()}`, threads ?? availableParallelism());

function compiled(network: Network, given?: Tensors) {
  const [channels, height, width] = network.input;
  const weights = given ?? filledWeights(network);
  const model = compileModel({ network, weights, classes: [], recipe: DEFAULT_RECIPE, provenance: {} });
  const data = Uint8Array.from({ length: channels * height * width }, (_, i) => (i * 2654435761) >>> 24);
  return { model, feeds: { [IMAGE_INPUT]: { shape: [1, height, width, channels], data } } };
}

/** Predicts and measures the time of networks on this machine's CPU, one image at a time. */
export class LatencyMeter {
  readonly #threads: number | undefined;
  readonly #table: LatencyTable;

  private constructor(threads: number | undefined, table: LatencyTable) {
    this.#threads = threads;
    this.#table = table;
  }

  static async open({ threads, tables = latencyFolder() }: LatencyMeterOptions = {}): Promise<LatencyMeter> {
    const table = await LatencyTable.open(tables ?? undefined, latencyMachine(threads), {
      threads,
      runs: RUNS,
    });
    return new LatencyMeter(threads, table);
  }

  /** Lists the operations that the runtime executes for a network, with their milliseconds from the table. */
  async operations(
    network: Network,
    runs = 1,
  ): Promise<{ readonly graph: RuntimeGraph; readonly predicted: readonly number[] }> {
    const { model, feeds } = compiled(network);
    const graph = await runtimeGraph(model, feeds, { threads: this.#threads, runs });
    return { graph, predicted: await this.#table.times(graph) };
  }

  /**
   * Predicts the milliseconds of a network from the table of its operations' times. The network itself is not timed.
   * @param rewrite changes the network's graph, for example to 8 bits. @default no change
   */
  async predict(
    network: Network,
    rewrite: (onnx: Uint8Array) => Uint8Array = (onnx) => onnx,
  ): Promise<number> {
    const { model, feeds } = compiled(network);
    return this.#table.predict(await runtimeGraph(rewrite(model), feeds, { threads: this.#threads }));
  }

  /**
   * Measures the milliseconds of a network: the 10th percentile of its runs.
   * @param weights weights of the network. @default arbitrary ones
   */
  async measure(
    { network, weights }: { readonly network: Network; readonly weights?: Tensors | undefined },
    runs: number,
  ): Promise<number> {
    const { model, feeds } = compiled(network, weights);
    await using session = await createSession(model, { threads: this.#threads });
    const times: number[] = [];
    for (let run = -2; run < runs; run++) {
      const started = performance.now();
      await session.run(feeds);
      if (run >= 0) times.push(performance.now() - started);
    }
    return lowestTenth(times);
  }
}
