import type { Dataset } from '../../datasets/dataset.ts';
import { DECIDING } from '../../training/run/epochs.ts';
import type { EpochRow } from '../../training/run/run.ts';
import { writeCurves } from './curves.ts';

/** Redraws a run's curves after each evaluation, while training continues. */
export class RunCurves {
  readonly #folder: string;
  readonly #deciding: string;
  readonly #isEvaluated: boolean;
  readonly #onNote: (message: string) => void;
  readonly #history: EpochRow[];
  readonly #drawing: Promise<void>[] = [];
  #drawn: number;

  /**
   * @param isEvaluated whether the run is evaluated. If not, the curves are drawn after each epoch
   * @param before earlier rows of a resumed run
   * @param onNote called if the curves cannot be drawn
   */
  constructor(
    folder: string,
    task: Dataset['task'],
    isEvaluated: boolean,
    before: readonly EpochRow[],
    onNote: (message: string) => void,
  ) {
    this.#folder = folder;
    this.#deciding = DECIDING[task ?? 'detection'];
    this.#isEvaluated = isEvaluated;
    this.#onNote = onNote;
    this.#history = [...before];
    this.#drawn = before.length;
  }

  /** Adds an epoch's row. */
  add(row: EpochRow): void {
    this.#history.push(row);
    if (this.#deciding in row || !this.#isEvaluated) this.#draw();
  }

  /** Draws rows that were added after the last evaluation. */
  finish(): void {
    if (this.#history.length > this.#drawn) this.#draw();
  }

  /** Resolves when everything is drawn. */
  get settled(): Promise<unknown> {
    return Promise.allSettled(this.#drawing);
  }

  #draw(): void {
    this.#drawn = this.#history.length;
    const drawing = writeCurves(this.#folder, [...this.#history]);
    this.#drawing.push(drawing.catch((error: unknown) => this.#onNote(String(error))));
  }
}
