import type { Size } from '../../boxes/formats.ts';
import { graphFileKind } from '../../detection/foreign/open-graph.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { lowestTenth } from '../../foundation/timing/median.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { LatencyMeter, type LatencyMeterOptions } from './meter.ts';

/** What is timed, and how often. */
export interface ReportLatencyOptions extends LatencyMeterOptions {
  /** Model file, or a network's name. */
  readonly model: string;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Timed runs, of which the lowest tenth counts. @default 60 */
  readonly runs?: number | undefined;
}

const KINDS: OptionKinds<ReportLatencyOptions> = {
  model: 'required string',
  size: 'size',
  runs: 'number',
  threads: 'number',
  tables: 'any',
};

/** One operation of the runtime, and whatever is fused into it. In milliseconds. */
export interface OperationLatency {
  /** The layer whose parameters it reads; null if it reads none. */
  readonly layer: string | null;
  /** ONNX operation, such as `Conv`. */
  readonly operation: string;
  /** By the table: measured outside of the network. */
  readonly predicted: number;
  /** In the network. */
  readonly measured: number;
}

/** How long a network takes here, one image at a time, in milliseconds. */
export interface LatencyReport {
  /** Name of the network. */
  readonly name: string;
  /** Width and height of its input in pixels. */
  readonly input: Size;
  /** Sum of the table's times, with what each run and each operation costs beside. */
  readonly predicted: number;
  /** Of the whole network, without a profiler. */
  readonly measured: number;
  /** In the order in which they run. */
  readonly layers: readonly OperationLatency[];
}

/**
 * Predicts how long a network takes on this machine's CPU from a table of measured times of operations, and times it.
 * @throws MicroYoloError if the model is unknown, or a graph that others made
 */
export async function reportLatency(options: ReportLatencyOptions): Promise<LatencyReport> {
  checkOptions('reportLatency options', options, KINDS);
  const { model, size, runs = 60, ...opening } = options;
  checkRange('runs', runs, 1, 100_000, true);
  if (opening.threads !== undefined) checkRange('threads', opening.threads, 1, 1024, true);
  if ((await graphFileKind(await modelFile(model))) !== undefined) {
    throw new MicroYoloError(
      'unsupported',
      `${model}: is an imported graph, expected one of micro-yolo's own networks; "micro-yolo compare" times both`,
    );
  }
  const network = sizedNetwork((await loadNetwork(model)).network, size);
  const meter = await LatencyMeter.open(opening);
  const { graph, predicted } = await meter.operations(network, Math.min(runs, 30));
  const [, height, width] = network.input;
  return {
    name: network.name,
    input: { width, height },
    predicted: await meter.predict(network),
    measured: await meter.measure({ network }, runs),
    layers: graph.operations.map(({ layer, operation, milliseconds }, place) => ({
      layer: layer ?? null,
      operation,
      predicted: predicted[place]!,
      measured: lowestTenth(milliseconds),
    })),
  };
}
