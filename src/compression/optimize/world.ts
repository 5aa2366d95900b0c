import { networkCost } from '../../network/cost.ts';
import type { Network } from '../../network/layers.ts';
import type { ImportanceOptions } from '../prune/importance.ts';
import type { Prunable } from '../prune/thin-model.ts';
import type { FileFigures, FileLine, OptimizeLine, Precision } from './lines.ts';

/** How a file is to be written. */
export interface FileRequest {
  /** The model in float, in the output folder. */
  readonly from: string;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly precision: Precision;
  /** AP50 that 8 bits may cost, 0–1. */
  readonly maxDrop: number;
}

/** Cost of a network, as a line of the journal has it. */
export function costOf(network: Network): Pick<FileLine, 'parameters' | 'macs'> {
  const { parameters, macs } = networkCost(network);
  return { parameters: parameters.trainable, macs };
}

/** What the search needs of the rest of the library. What takes long throws `interrupted` if it is to stop. */
export interface OptimizeWorld<Model extends Prunable> {
  /** The first model, in the output folder. */
  readonly first: string;
  /** Seconds of work, this time's included. */
  readonly seconds: number;
  /** Whether the user wants to stop. */
  readonly isInterrupted: boolean;
  /** Whether the time for steps is over. */
  readonly isLate: boolean;
  load(file: string): Promise<Model>;
  /** Milliseconds in a precision by the table; undefined if the network has no layer that can be in it. */
  predict(network: Network, precision: Precision): Promise<number | undefined>;
  /** Measures how much the outputs of other models differ from a model's, on images. */
  damageOf(model: Model): Promise<(other: Model) => Promise<number>>;
  importance(model: Model, step: number): Promise<ImportanceOptions>;
  /**
   * Trains a model, shortly or longer. A training of the same name that was interrupted continues.
   * @returns a file's name in the output folder; undefined if it was interrupted, or there is no time for it
   */
  train(model: Model, training: 'trial' | 'tuned', name: string): Promise<string | undefined>;
  /** Size and precision of a file of the output folder. */
  figures(file: string): Promise<FileFigures>;
  /** Milliseconds of a file of the output folder, measured in turns with the first model's. */
  time(file: string): Promise<Pick<FileLine, 'ms' | 'speedup'>>;
  /** Writes a file to choose from; in float if 8 bits would cost too much. */
  write(request: FileRequest): Promise<Pick<FileLine, 'model' | 'precision'>>;
  /** Writes the outcome: a file, the model in float that it was made of, and what to tell of all files. */
  finish(
    file: string,
    float: string,
    lines: readonly OptimizeLine[],
  ): Promise<{ readonly model: string; readonly float: string }>;
  /** Removes what no line of the journal needs any longer. */
  forget(file: string): Promise<void>;
  /** Does work that is to stop when the time for steps is over. */
  inTime<T>(work: () => Promise<T>): Promise<T>;
  /** Tells how far a part is. */
  onProgress(stage: string, done: number, steps: number): void;
}
