import type { Size } from '../../boxes/formats.ts';
import { graphFileKind } from '../../detection/foreign/open-graph.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { lowestTenth } from '../../foundation/timing/median.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { LATENCY_OPTIONS } from '../../options/latency.ts';
import { LatencyMeter, type LatencyMeterOptions } from './meter.ts';

/** Options for predicting and measuring latency. */
export interface ReportLatencyOptions extends LatencyMeterOptions {
  /** Model file, or the name of a network. */
  readonly model: string;
  /** Input size in pixels: a side or width and height. @default the model's */
  readonly size?: number | Size | undefined;
  /** Number of timed runs. Their 10th percentile counts. @default 60 */
  readonly runs?: number | undefined;
}

/** Times of one operation of the runtime, with everything fused into it. In milliseconds. */
export interface OperationLatency {
  /** The layer whose parameters it reads. `null` if it reads none. */
  readonly layer: string | null;
  /** ONNX operation, such as `Conv`. */
  readonly operation: string;
  /** Time from the table, measured outside the network. */
  readonly predicted: number;
  /** Time measured inside the network. */
  readonly measured: number;
}

/** Time of a network on this machine, one image at a time, in milliseconds. */
export interface LatencyReport {
  /** Name of the network. */
  readonly name: string;
  /** Width and height of its input, in pixels. */
  readonly input: Size;
  /** Sum of the operations' times in the table, plus the overhead of each run and operation. */
  readonly predicted: number;
  /** Measured time of the whole network, without a profiler. */
  readonly measured: number;
  /** The operations, in the order of execution. */
  readonly layers: readonly OperationLatency[];
}

/**
 * Predicts the time of a network on this machine's CPU from a table of measured operations, and measures it.
 * @throws MicroYoloError if the model is unknown, or an imported graph
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
