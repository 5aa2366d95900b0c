import type { Graph, Tensors } from '../../graph/operations.ts';

/**
 * What an engine needs to know of a step: a graph whose parameters are the state and whose outputs are
 * `next/NAME` for each state tensor, and metrics of one number each.
 */
export interface StepGraph {
  /** The whole step. */
  readonly graph: Graph;
  /** Names of the graph's inputs that are scalars. */
  readonly scalars: readonly string[];
  /** Prefix of the outputs that hold the next state. */
  readonly next: string;
  /** The metric that is 0 where the next state must not be taken over. */
  readonly finite: string;
}

/** A batch: tensors by the names of the graph's inputs, row-major. */
export type Batch = Readonly<
  Record<
    string,
    {
      /** Size of each axis. */
      readonly shape: readonly number[];
      /** Values in row-major order. */
      readonly data: Float32Array | Uint8Array;
    }
  >
>;

/** What a step reports. */
export interface StepResult {
  /** Losses and other figures by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether the state moved on: not where the loss or a gradient was NaN or infinite. */
  readonly accepted: boolean;
  /** Time the step took in the engine, in milliseconds. */
  readonly milliseconds: number;
}

/** What computes. */
export interface Device {
  /** What kind of processor it is. */
  readonly kind: 'cpu' | 'gpu';
  /** What it calls itself, such as `CUDA`. */
  readonly name: string;
}

/**
 * Runs training steps and holds their state. Its state goes in and out as plain tensors by stable names,
 * whatever layout the engine keeps them in. Whoever creates an engine disposes it.
 */
export interface TrainingEngine extends AsyncDisposable {
  /** Such as `onnx-blocked`. */
  readonly name: string;
  /** What computes the steps. */
  readonly device: Device;
  /** One step. The caller's thread stays free. */
  step(batch: Batch, scalars: Readonly<Record<string, number>>): Promise<StepResult>;
  /** Copies the state: tensors by their stable names. */
  readState(): Promise<Tensors>;
  /** Takes the tensors named; the rest stays. */
  writeState(state: Tensors): Promise<void>;
}
