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

/** Names of the models in a run's folder: the moving average of the weights, at the end and at the best evaluation. */
export const LAST_FILE = 'last.safetensors';
export const BEST_FILE = 'best.safetensors';

/** Minimum time between checkpoints at the end of epochs, in milliseconds. */
const EPOCH_PAUSE = 5000;

export interface Saved {
  readonly run: RunState;
  readonly state: Tensors;
  /** Models to write in addition to the checkpoint. @default none */
  readonly models?: readonly (typeof LAST_FILE | typeof BEST_FILE)[];
  /** Metrics of the models' evaluation, if there was one. The models store them. */
  readonly metrics?: EvaluationMetrics | undefined;
}

/** Figures of an evaluation that a model stores. */
const KEPT = ['AP', 'AP50', 'top1', 'top5'] as const;

/** Formats figures as `AP 0.123, AP50 0.345`. Empty if none was measured. */
function accuracyText(metrics: EvaluationMetrics): string {
  const found = KEPT.filter((name) => (metrics[name] ?? -1) >= 0);
  return found.map((name) => `${name} ${metrics[name]!.toFixed(3)}`).join(', ');
}

export interface RunFilesOptions {
  readonly folder: string;
  /** The trained model, without its weights, which change with each step. */
  readonly model: Omit<Model, 'weights'>;
  readonly settings: Pick<TrainingSettings, 'checkpointMinutes' | 'evaluateSplit'>;
}

/** Writes the files of a run. */
export class RunFiles {
  readonly #options: RunFilesOptions;
  readonly #onEvent: (event: TrainingEvent) => void;
  /** The best model, if it is still to be written. */
  #owed: Model | undefined;
  /** Error of the last save, if it failed. */
  #problem: MicroYoloError | undefined;
  #savedAt = performance.now();

  constructor(options: RunFilesOptions, onEvent: (event: TrainingEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
  }

  /** Whether the last checkpoint is older than the settings allow. */
  get isCheckpointDue(): boolean {
    return performance.now() - this.#savedAt > 60_000 * this.#options.settings.checkpointMinutes;
  }

  /** Whether the end of an epoch needs a checkpoint. With few images, saving would take longer than an epoch. */
  get isEpochDue(): boolean {
    return this.isCheckpointDue || performance.now() - this.#savedAt > EPOCH_PAUSE;
  }

  /** The model for a state, with averaged weights. */
  model(state: Tensors): Model {
    const { model } = this.#options;
    return { ...model, weights: weightsOf(networkParameters(model.network), state, 'average') };
  }

  /** Saves the state for a resume. If writing fails, the run continues and tries again at the next checkpoint. */
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
   * Checks the last save. Called at the end of a run, after which there is no further attempt.
   * @throws MicroYoloError `not-writable` if the last save failed
   */
  checkSaved(): void {
    if (this.#problem) throw this.#problem;
  }
}
