import type { Size } from '../../boxes/formats.ts';
import { graphFileKind } from '../../detection/foreign/open-graph.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { lowestTenth } from '../../foundation/timing/median.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { LATENCY_OPTIONS } from '../../options/latency.ts';
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
  checkOptions('reportLatency options', options, LATENCY_OPTIONS);
  const { model, size, runs = LATENCY_OPTIONS.runs.default, ...opening } = options;
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
