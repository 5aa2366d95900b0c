/** How long a run has trained, the parts before a resume included. In seconds. */
export class RunClock {
  readonly #begun: number;
  readonly #before: number;
  /** How long images were read before the first step: part of the run's time, but not of its schedule. */
  readonly reading: number;

  /**
   * @param asked when the run was asked for, as `performance.now()` counts: until now images were read. Reading them once
   *     more, to continue a run, counts for nothing
   * @param earlier the clock of a run that is resumed
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
