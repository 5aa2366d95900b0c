import { networkCost } from '../../network/cost.ts';
import type { Network } from '../../network/layers.ts';
import type { ImportanceOptions } from './importance.ts';
import type { End, Figures } from './lines.ts';
import type { Prunable } from './thin-model.ts';

/** What training is for: to look whether a thinner network holds, or to end with. */
export type PruneTraining = 'trial' | End;

/** What pruning needs of the rest of the library. */
export interface PruneWorld<Model extends Prunable> {
  /** Reads a model of the output folder; the one that pruning starts from without a name. */
  load(file?: string): Promise<Model>;
  /**
   * Trains a model, from its weights or from scratch. A training of the same name that was interrupted continues.
   * @returns a file's name in the output folder, or nothing if it was interrupted
   */
  train(model: Model, training: PruneTraining, name: string): Promise<string | undefined>;
  /** AP50 of a file of the output folder, or of the model that pruning starts from, 0–1. */
  evaluate(file?: string): Promise<number>;
  /** Milliseconds. */
  time(network: Network): Promise<number>;
  /** What importance goes by for a model. */
  importance(model: Model, trial: number): Promise<ImportanceOptions>;
  /** Writes the outcome under its last name. */
  finish(file: string): Promise<string>;
  /** Removes what a line of the journal no longer needs. */
  forget(name: string): Promise<void>;
  readonly isInterrupted: boolean;
}

/** Cost and AP50 of a model in a file, or of the one that pruning starts from. */
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
