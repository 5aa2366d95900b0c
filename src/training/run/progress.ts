import type { Size } from '../../boxes/formats.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { LoadedBatch } from '../loader/loader.ts';
import { type LoaderPosition, nextPosition } from '../loader/order.ts';
import type { RunState } from './checkpoint.ts';
import { RunClock } from './clock.ts';
import { Epochs } from './epochs.ts';
import type { EpochRow, EvaluationMetrics } from './run.ts';
import { RunSchedule } from './run-schedule.ts';
import { isUpdate } from './scalars.ts';
import type { TrainingSettings } from './settings.ts';

export interface ProgressOptions {
  readonly settings: TrainingSettings;
  /** Input size of the network, in pixels. */
  readonly input: Size;
  readonly task: NonNullable<Dataset['task']>;
  /** Number of batches per epoch. */
  readonly batches: number;
  /** Start of the run, from `performance.now()`. */
  readonly asked: number;
  /** State from before a resume. */
  readonly earlier: RunState | undefined;
}

/** Progress of a run: all of its state except weights and files. */
export class RunProgress {
  readonly clock: RunClock;
  readonly schedule: RunSchedule;
  readonly epochs: Epochs;
  readonly #settings: TrainingSettings;
  readonly #batches: number;
  #position: LoaderPosition;
  #step: number;
  #updates: number;

  constructor({ settings, input, task, batches, asked, earlier }: ProgressOptions) {
    this.clock = new RunClock(asked, earlier);
    this.schedule = new RunSchedule(settings, input, batches, this.clock);
    this.epochs = new Epochs(task, earlier);
    this.#settings = settings;
    this.#batches = batches;
    this.#position = earlier?.position ?? { epoch: 0, batch: 0 };
    this.#step = earlier?.step ?? 0;
    this.#updates = earlier?.updates ?? 0;
  }

  /** Position of the next batch. */
  get position(): LoaderPosition {
    return this.#position;
  }

  /** Number of steps so far. */
  get step(): number {
    return this.#step;
  }

  /** Completed share of the run, 0–1. */
  get share(): number {
    return this.schedule.shareAt(this.#step);
  }

  /** Whether an evaluation is due at the end of the current epoch. */
  get isEvaluationDue(): boolean {
    const { evaluateEvery } = this.#settings;
    const isTime = evaluateEvery > 0 && (this.epochs.history.length + 1) % evaluateEvery === 0;
    return isTime || this.share >= 1;
  }

  /** Whether there was no improvement for `patience` evaluations. */
  get isWaitOver(): boolean {
    const { patience } = this.#settings;
    return patience > 0 && this.epochs.evaluationsSinceBest >= patience;
  }

  /** Scalars of the next step. */
  scalars(): Readonly<Record<string, number>> {
    return this.schedule.scalarsAt(this.#step, this.#updates);
  }

  /** Counts a completed step. */
  count(batch: LoadedBatch, metrics: Readonly<Record<string, number>>, milliseconds: number): void {
    this.epochs.count(batch, metrics, milliseconds);
    if (isUpdate(this.#step, this.#settings.accumulate)) this.#updates++;
    this.#step++;
    this.#position = nextPosition(batch.position, this.#batches);
  }

  /** Ends an epoch; see `Epochs.end`. */
  endEpoch(metrics: EvaluationMetrics | undefined): { readonly row: EpochRow; readonly isBest: boolean } {
    const moment = {
      step: this.#step,
      seconds: this.clock.seconds,
      learningRate: this.scalars()['learningRate.kernels']!,
    };
    return this.epochs.end(moment, this.#settings.batch, metrics);
  }

  /** State for a checkpoint. */
  state(): Omit<RunState, 'version' | 'engine' | 'choices' | 'settings'> {
    return {
      position: this.#position,
      step: this.#step,
      updates: this.#updates,
      seconds: this.clock.seconds,
      reading: this.clock.reading,
      ...this.epochs.state(),
    };
  }
}
