import type { Dataset } from '../../datasets/dataset.ts';
import type { LoadedBatch } from '../loader/loader.ts';
import type { RunState } from './checkpoint.ts';
import type { Best, EpochRow, EvaluationMetrics } from './run.ts';

/** Metric that decides which weights are best, by task. */
export const DECIDING = { detection: 'AP', classification: 'top1' } as const;

/** Figures of the epochs so far: means of completed epochs, sums of the current one, and the best epoch. */
export class Epochs {
  readonly #deciding: string;
  readonly #history: EpochRow[];
  #best: Best | undefined;
  #sums: Record<string, number>;

  /** @param earlier state from before a resume */
  constructor(
    task: NonNullable<Dataset['task']>,
    earlier: Pick<RunState, 'best' | 'history' | 'sums'> | undefined,
  ) {
    this.#deciding = DECIDING[task];
    this.#best = earlier?.best ?? undefined;
    this.#history = [...(earlier?.history ?? [])];
    this.#sums = { ...earlier?.sums };
  }

  get best(): Best | undefined {
    return this.#best;
  }

  /** One row for each completed epoch. */
  get history(): readonly EpochRow[] {
    return this.#history;
  }

  /** Whether the current epoch has any steps. */
  get isUnderWay(): boolean {
    return (this.#sums['steps'] ?? 0) > 0;
  }

  /** Whether the last completed epoch was evaluated. */
  get isEvaluated(): boolean {
    return this.#deciding in (this.#history.at(-1) ?? {});
  }

  /** Number of evaluations since the best one. */
  get evaluationsSinceBest(): number {
    const since = this.#best?.epoch ?? 0;
    return this.#history.filter((row) => row['epoch']! > since && this.#deciding in row).length;
  }

  /** Adds a step to the current epoch. */
  count(
    { truthCount, assigned, overflow }: Pick<LoadedBatch, 'truthCount' | 'assigned' | 'overflow'>,
    metrics: Readonly<Record<string, number>>,
    milliseconds: number,
  ): void {
    // If the graph assigns, its metrics contain both.
    const counts = assigned === undefined ? {} : { truthCount, assigned };
    const all = { ...metrics, ...counts, overflow, steps: 1, milliseconds };
    for (const [name, value] of Object.entries(all)) {
      if (name !== 'finite') this.#sums[name] = (this.#sums[name] ?? 0) + value;
    }
  }

  /**
   * Ends an epoch and adds its means to the history.
   * @param moment columns that describe the end of the epoch
   * @param batch images per step
   * @param metrics metrics of its evaluation, if there was one
   * @returns the row, and whether the epoch is the best so far
   */
  end(
    moment: Readonly<Record<'step' | 'seconds' | 'learningRate', number>>,
    batch: number,
    metrics: EvaluationMetrics | undefined,
  ): { readonly row: EpochRow; readonly isBest: boolean } {
    const epoch = this.#history.length + 1;
    const { steps = 1, milliseconds = 0, overflow = 0, truthCount = 0, assigned = 0, ...parts } = this.#sums;
    const means = Object.fromEntries(Object.entries(parts).map(([name, sum]) => [name, sum / steps]));
    const isDetection = this.#deciding === DECIDING.detection;
    const row = {
      epoch,
      ...moment,
      ...means,
      // Share of the true objects with an anchor cell.
      ...(isDetection ? { assignerRecall: truthCount > 0 ? assigned / truthCount : 0, overflow } : {}),
      imagesPerSecond: (1000 * steps * batch) / milliseconds,
      ...metrics,
    };
    this.#sums = {};
    this.#history.push(row);
    const value = metrics?.[this.#deciding] ?? 0;
    const isBest = metrics !== undefined && (!this.#best || value > this.#best.value);
    if (isBest) this.#best = { value, epoch };
    return { row, isBest };
  }

  /** State for a checkpoint. */
  state(): Pick<RunState, 'best' | 'history' | 'sums'> {
    return { best: this.#best ?? null, history: [...this.#history], sums: { ...this.#sums } };
  }
}
