import { type Size, squareSize } from '../../boxes/formats.ts';
import type { LoadedBatch } from '../loader/loader.ts';
import { type LoaderPosition, mixSeeds, nextPosition } from '../loader/order.ts';
import type { RunState } from './checkpoint.ts';
import type { Best, EpochRow, EvaluationMetrics, TrainingRun } from './run.ts';
import { isUpdate, stepScalars } from './scalars.ts';

/** The metric that decides which weights are the best, by task. */
export const DECIDING = { detection: 'AP', classification: 'top1' } as const;

/** How far a run is, and what came of it so far: all of a run that is neither weights nor files. */
export class RunProgress {
  readonly #run: TrainingRun;
  readonly #deciding: string;
  readonly #batches: number;
  readonly #begun: number;
  readonly #before: number;
  readonly #reading: number;
  readonly #history: EpochRow[];
  #position: LoaderPosition;
  #step: number;
  #updates: number;
  #best: Best | undefined;
  #sums: Record<string, number>;

  /**
   * @param batches an epoch
   * @param asked when the run was asked for, as `performance.now()` counts: until now images were read, which is part of
   *     its time but not of its schedule; reading them once more, to go on with a run, is part of neither
   */
  constructor(run: TrainingRun, batches: number, asked: number) {
    const now = performance.now();
    this.#begun = run.resume ? now : asked;
    this.#run = run;
    this.#deciding = DECIDING[run.dataset.task ?? 'detection'];
    this.#batches = batches;
    const state = run.resume?.run;
    this.#position = state?.position ?? { epoch: 0, batch: 0 };
    this.#step = state?.step ?? 0;
    this.#updates = state?.updates ?? 0;
    this.#before = state?.seconds ?? 0;
    this.#reading = state?.reading ?? (now - asked) / 1000;
    this.#best = state?.best ?? undefined;
    this.#history = [...(state?.history ?? [])];
    this.#sums = { ...state?.sums };
  }

  /** Of the next batch. */
  get position(): LoaderPosition {
    return this.#position;
  }

  /** Steps taken. */
  get step(): number {
    return this.#step;
  }

  get best(): Best | undefined {
    return this.#best;
  }

  get history(): readonly EpochRow[] {
    return this.#history;
  }

  /** Training time so far. */
  get seconds(): number {
    return this.#before + (performance.now() - this.#begun) / 1000;
  }

  /** Steps of the whole run; unknown where it ends by time. */
  get total(): number | undefined {
    const { epochs, maxMinutes } = this.#run.settings;
    return maxMinutes === null ? epochs * this.#batches : undefined;
  }

  /** Share of the run that is done, 0–1. */
  get share(): number {
    return this.#shareAt(this.#step);
  }

  /** Whether steps were taken since the last epoch ended. */
  get isInEpoch(): boolean {
    return (this.#sums['steps'] ?? 0) > 0;
  }

  /** Whether the last epoch that ended was evaluated. */
  get isEvaluated(): boolean {
    return this.#deciding in (this.#history.at(-1) ?? {});
  }

  /** Whether the next evaluation is due; the epoch under way counts as done. */
  get isEvaluationDue(): boolean {
    const { evaluateEvery } = this.#run.settings;
    const isTime = evaluateEvery > 0 && (this.#history.length + 1) % evaluateEvery === 0;
    return isTime || this.share >= 1;
  }

  /** Whether evaluations stopped getting better as long ago as settings allow. */
  get isWaitOver(): boolean {
    const { patience } = this.#run.settings;
    const since = this.#best?.epoch ?? 0;
    const waited = this.#history.filter((row) => row['epoch']! > since && this.#deciding in row);
    return patience > 0 && waited.length >= patience;
  }

  #shareAt(step: number): number {
    const { maxMinutes } = this.#run.settings;
    if (maxMinutes === null) return Math.min(1, step / this.total!);
    const scheduled = 60 * maxMinutes - this.#reading;
    return scheduled > 0 ? Math.min(1, (this.seconds - this.#reading) / scheduled) : 1;
  }

  /** Input size of the batch at a position, and whether it belongs to the clean end. */
  shapeOf({ epoch, batch }: LoaderPosition): { readonly input: Size; readonly clean: boolean } {
    const { settings, network } = this.#run;
    const [, height, width] = network.input;
    const { multiScale, seed, cleanShare } = settings;
    const step = epoch * this.#batches + batch;
    const clean = cleanShare > 0 && this.#shareAt(step) >= 1 - cleanShare;
    if (clean || multiScale === null) return { input: { width, height }, clean };
    const turn = Math.floor(step / multiScale.every);
    const size = multiScale.sizes[mixSeeds(seed, turn, 3) % multiScale.sizes.length]!;
    return { input: squareSize(size), clean: false };
  }

  /** All that changes with time, for the next step. */
  scalars(): Readonly<Record<string, number>> {
    // In the middle of the step: at its start the first one's learning rate would be 0.
    const progress = this.#shareAt(this.#step + 0.5);
    const moment = { progress, step: this.#step, updates: this.#updates };
    return stepScalars(this.#run.settings, moment);
  }

  /** Counts a step that was taken. */
  count(batch: LoadedBatch, metrics: Readonly<Record<string, number>>, milliseconds: number): void {
    const { truthCount, assigned, overflow } = batch;
    // Where the graph assigns, its metrics say both.
    const counts = assigned === undefined ? {} : { truthCount, assigned };
    const all = { ...metrics, ...counts, overflow, steps: 1, milliseconds };
    for (const [name, value] of Object.entries(all)) {
      if (name !== 'finite') this.#sums[name] = (this.#sums[name] ?? 0) + value;
    }
    if (isUpdate(this.#step, this.#run.settings.accumulate)) this.#updates++;
    this.#step++;
    this.#position = nextPosition(batch.position, this.#batches);
  }

  /**
   * Ends an epoch: its means become a row of the curves.
   * @param metrics of its evaluation, if there was one
   * @returns the row, and whether its model is the best so far
   */
  endEpoch(metrics: EvaluationMetrics | undefined): { readonly row: EpochRow; readonly isBest: boolean } {
    const epoch = this.#history.length + 1;
    const { steps = 1, milliseconds = 0, overflow = 0, truthCount = 0, assigned = 0, ...parts } = this.#sums;
    const means = Object.fromEntries(Object.entries(parts).map(([name, sum]) => [name, sum / steps]));
    const isDetection = this.#deciding === DECIDING.detection;
    const row = {
      epoch,
      step: this.#step,
      seconds: this.seconds,
      learningRate: this.scalars()['learningRate.kernels']!,
      ...means,
      // Share of the true objects that an anchor cell answers for.
      ...(isDetection ? { assignerRecall: truthCount > 0 ? assigned / truthCount : 0, overflow } : {}),
      imagesPerSecond: (1000 * steps * this.#run.settings.batch) / milliseconds,
      ...metrics,
    };
    this.#sums = {};
    this.#history.push(row);
    const value = metrics?.[this.#deciding] ?? 0;
    const isBest = metrics !== undefined && (!this.#best || value > this.#best.value);
    if (isBest) this.#best = { value, epoch };
    return { row, isBest };
  }

  /** For a checkpoint. */
  state(): Omit<RunState, 'version' | 'engine' | 'choices' | 'settings'> {
    return {
      position: this.#position,
      step: this.#step,
      updates: this.#updates,
      seconds: this.seconds,
      reading: this.#reading,
      best: this.#best ?? null,
      history: [...this.#history],
      sums: { ...this.#sums },
    };
  }
}
