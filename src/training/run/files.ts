import { join } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Tensors } from '../../graph/operations.ts';
import { writeModel } from '../../models/formats/safetensors/model-file.ts';
import type { Model } from '../../models/model.ts';
import { networkParameters } from '../../network/parameters.ts';
import { weightsOf } from '../step/state.ts';
import { type RunState, writeCheckpoint } from './checkpoint.ts';
import type { TrainingEvent } from './events.ts';
import type { EvaluationMetrics } from './run.ts';
import type { TrainingSettings } from './settings.ts';

/** Names of a run folder's models: the moving average of the weights, at the end and when it was best. */
export const LAST_FILE = 'last.safetensors';
export const BEST_FILE = 'best.safetensors';

/** Least time between checkpoints at the ends of epochs, in milliseconds. */
const EPOCH_PAUSE = 5000;

export interface Saved {
  readonly run: RunState;
  readonly state: Tensors;
  /** Models to write beside the checkpoint. @default none */
  readonly models?: readonly (typeof LAST_FILE | typeof BEST_FILE)[];
  /** Of their evaluation, if there was one: the models keep it. */
  readonly metrics?: EvaluationMetrics | undefined;
}

/** Figures of an evaluation that a model keeps. */
const KEPT = ['AP', 'AP50', 'top1', 'top5'] as const;

/** `AP 0.123, AP50 0.345`; empty where there was nothing to find. */
function accuracyText(metrics: EvaluationMetrics): string {
  const found = KEPT.filter((name) => (metrics[name] ?? -1) >= 0);
  return found.map((name) => `${name} ${metrics[name]!.toFixed(3)}`).join(', ');
}

export interface RunFilesOptions {
  readonly folder: string;
  /** What is trained; its weights come with each step. */
  readonly model: Omit<Model, 'weights'>;
  readonly settings: Pick<TrainingSettings, 'checkpointMinutes' | 'evaluateSplit'>;
}

/** What a run writes into its folder. */
export class RunFiles {
  readonly #options: RunFilesOptions;
  readonly #onEvent: (event: TrainingEvent) => void;
  /** The best model, where it could not be written yet. */
  #owed: Model | undefined;
  /** Why the last save failed. */
  #problem: MicroYoloError | undefined;
  #savedAt = performance.now();

  constructor(options: RunFilesOptions, onEvent: (event: TrainingEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
  }

  /** Whether the last checkpoint is as old as settings allow. */
  get isCheckpointDue(): boolean {
    return performance.now() - this.#savedAt > 60_000 * this.#options.settings.checkpointMinutes;
  }

  /** Whether an epoch's end is worth a checkpoint: on a few images an epoch takes less time than saving it. */
  get isEpochDue(): boolean {
    return this.isCheckpointDue || performance.now() - this.#savedAt > EPOCH_PAUSE;
  }

  /** The model that a run has in hand. */
  model(state: Tensors): Model {
    const { model } = this.#options;
    return { ...model, weights: weightsOf(networkParameters(model.network), state, 'average') };
  }

  /** Saves all that a resume needs. Where the disk does not take it, the run goes on and tries again. */
  async save({ run, state, models = [], metrics }: Saved): Promise<void> {
    const { folder, settings } = this.#options;
    const started = performance.now();
    this.#savedAt = started;
    const plain = this.model(state);
    const figures = metrics && accuracyText(metrics);
    const accuracy = figures && `${figures} (${settings.evaluateSplit})`;
    const model = accuracy ? { ...plain, provenance: { ...plain.provenance, accuracy } } : plain;
    if (models.includes(BEST_FILE)) this.#owed = model;
    try {
      if (this.#owed) await writeModel(join(folder, BEST_FILE), this.#owed);
      this.#owed = undefined;
      if (models.includes(LAST_FILE)) await writeModel(join(folder, LAST_FILE), model);
      await writeCheckpoint(folder, { run, model, state });
      this.#problem = undefined;
      this.#onEvent({ type: 'checkpoint', seconds: (performance.now() - started) / 1000 });
    } catch (error) {
      if (!(error instanceof MicroYoloError) || error.code !== 'not-writable') throw error;
      this.#problem = error;
      this.#onEvent({ type: 'checkpoint-failed', message: error.message });
    }
  }

  /**
   * At the end, after which nothing is tried again.
   * @throws MicroYoloError `not-writable` if the last save failed
   */
  checkSaved(): void {
    if (this.#problem) throw this.#problem;
  }
}
