import type { Graph, Tensors } from '../../graph/operations.ts';

/**
 * The parts of a step that an engine needs: a graph whose parameters are the state. Its outputs are `next/NAME` for
 * each state tensor, and scalar metrics.
 */
export interface StepGraph {
  /** Graph of the whole step. */
  readonly graph: Graph;
  /** Names of the graph's scalar inputs. */
  readonly scalars: readonly string[];
  /** Prefix of the outputs that contain the next state. */
  readonly next: string;
  /** Name of the metric that is 0 if the next state must be discarded. */
  readonly finite: string;
}

/** A batch: tensors in row-major order, by the names of the graph's inputs. */
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

/** Result of a step. */
export interface StepResult {
  /** Losses and other metrics by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether the new state was accepted. It is rejected if the loss or a gradient is NaN or infinite. */
  readonly accepted: boolean;
  /** Time of the step in the engine, in milliseconds. */
  readonly milliseconds: number;
}

/** A device that runs computations. */
export interface Device {
  /** Kind of processor. */
  readonly kind: 'cpu' | 'gpu';
  /** Name of the device, such as `CUDA`. */
  readonly name: string;
}

/**
 * Runs training steps and holds their state. The state is read and written as plain tensors with stable names, whatever
 * the internal layout is. The caller that creates an engine must dispose it.
 */
export interface TrainingEngine extends AsyncDisposable {
  /** Name of the engine, such as `onnx-blocked`. */
  readonly name: string;
  /** Device that runs the steps. */
  readonly device: Device;
  /** Runs one step, without blocking the calling thread. */
  step(batch: Batch, scalars: Readonly<Record<string, number>>): Promise<StepResult>;
  /** Copies the state: tensors by their stable names. */
  readState(): Promise<Tensors>;
  /** Replaces the named tensors. Others do not change. */
  writeState(state: Tensors): Promise<void>;
}
