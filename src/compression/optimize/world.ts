import { networkCost } from '../../network/cost.ts';
import type { Network } from '../../network/layers.ts';
import type { ImportanceOptions } from '../prune/importance.ts';
import type { Prunable } from '../prune/thin-model.ts';
import type { FileFigures, FileLine, OptimizeLine, Precision } from './lines.ts';

/** How a file should be written. */
export interface FileRequest {
  /** The float model, in the output folder. */
  readonly from: string;
  /** Name of the file, without its extension. */
  readonly name: string;
  readonly precision: Precision;
  /** AP50 that may be lost to 8 bits, 0–1. */
  readonly maxDrop: number;
}

/** Returns the cost of a network for a line of the journal. */
export function costOf(network: Network): Pick<FileLine, 'parameters' | 'macs'> {
  const { parameters, macs } = networkCost(network);
  return { parameters: parameters.trainable, macs };
}

/** What the search needs from other parts of the library. Long operations throw `interrupted` if they should stop. */
export interface OptimizeWorld<Model extends Prunable> {
  /** The first model, in the output folder. */
  readonly first: string;
  /** Seconds of work, including this session. */
  readonly seconds: number;
  /** Whether the user wants to stop. */
  readonly isInterrupted: boolean;
  /** Whether the time for steps has ended. */
  readonly isLate: boolean;
  load(file: string): Promise<Model>;
  /** Returns the predicted milliseconds in a precision, or undefined if no layer supports it. */
  predict(network: Network, precision: Precision): Promise<number | undefined>;
  /** Returns a function that measures on images how much the outputs of another model differ from this model's. */
  damageOf(model: Model): Promise<(other: Model) => Promise<number>>;
  importance(model: Model, step: number): Promise<ImportanceOptions>;
  /**
   * Trains a model, briefly or for longer. An interrupted training of the same name continues.
   * @returns a file's name in the output folder, or undefined if it was interrupted or there is no time for it
   */
  train(model: Model, training: 'trial' | 'tuned', name: string): Promise<string | undefined>;
  /** Returns the size and accuracy of a file in the output folder. */
  figures(file: string): Promise<FileFigures>;
  /** Times a file in the output folder, in alternation with the first model. Returns milliseconds and speedup. */
  time(file: string): Promise<Pick<FileLine, 'ms' | 'speedup'>>;
  /** Writes a file that can become the result. It is in float if 8 bits would cost too much accuracy. */
  write(request: FileRequest): Promise<Pick<FileLine, 'model' | 'precision'>>;
  /** Writes the result: a file, its float model, and a report on all files. */
  finish(
    file: string,
    float: string,
    lines: readonly OptimizeLine[],
  ): Promise<{ readonly model: string; readonly float: string }>;
  /** Deletes a file that no line of the journal needs any longer. */
  forget(file: string): Promise<void>;
  /** Runs work that stops when the time for steps ends. */
  inTime<T>(work: () => Promise<T>): Promise<T>;
  /** Reports progress of a stage. */
  onProgress(stage: string, done: number, steps: number): void;
}
