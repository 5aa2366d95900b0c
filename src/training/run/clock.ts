/** Duration of a run in seconds, including the time before a resume. */
export class RunClock {
  readonly #begun: number;
  readonly #before: number;
  /** Time for reading images before the first step. It is part of the run's duration, but not of its schedule. */
  readonly reading: number;

  /**
   * @param asked start of the run, from `performance.now()`. The time since then was spent reading images. It does not
   *     count for a resumed run, which only repeats the reading
   * @param earlier times from before a resume
   */
  constructor(asked: number, earlier: { readonly seconds: number; readonly reading: number } | undefined) {
    const now = performance.now();
    this.#begun = earlier ? now : asked;
    this.#before = earlier?.seconds ?? 0;
    this.reading = earlier?.reading ?? (now - asked) / 1000;
  }

  get seconds(): number {
    return this.#before + (performance.now() - this.#begun) / 1000;
  }
}
