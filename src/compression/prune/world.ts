import { networkCost } from '../../network/cost.ts';
import type { Network } from '../../network/layers.ts';
import type { ImportanceOptions } from './importance.ts';
import type { End, Figures } from './lines.ts';
import type { Prunable } from './thin-model.ts';

/** Purpose of a training: `trial` tests a thinner network, the others follow at the end. */
export type PruneTraining = 'trial' | End;

/** What pruning needs from other parts of the library. */
export interface PruneWorld<Model extends Prunable> {
  /** Reads a model in the output folder, or without a name, the initial model. */
  load(file?: string): Promise<Model>;
  /**
   * Trains a model, from its weights or from scratch. An interrupted training of the same name continues.
   * @returns a file's name in the output folder, or undefined if it was interrupted
   */
  train(model: Model, training: PruneTraining, name: string): Promise<string | undefined>;
  /** Returns the AP50 of a file in the output folder, or of the initial model, 0–1. */
  evaluate(file?: string): Promise<number>;
  /** Returns the predicted milliseconds. */
  time(network: Network): Promise<number>;
  /** Returns the measure of importance for a model. */
  importance(model: Model, trial: number): Promise<ImportanceOptions>;
  /** Writes the result under its final name. */
  finish(file: string): Promise<string>;
  /** Deletes a file that no line of the journal needs any longer. */
  forget(name: string): Promise<void>;
  readonly isInterrupted: boolean;
}

/** Returns the cost and AP50 of a model in a file, or of the initial model. */
export async function figuresOf<Model extends Prunable>(
  world: PruneWorld<Model>,
  network: Network,
  file: string | undefined,
): Promise<Figures> {
  const { parameters, macs } = networkCost(network);
  return {
    ...{ parameters: parameters.trainable, macs },
    ...{ ms: await world.time(network), AP50: await world.evaluate(file) },
  };
}
