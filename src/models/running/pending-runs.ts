import { MicroYoloError } from '../../foundation/errors/errors.ts';

/** Runs in progress. Resources are freed only after they end. */
export class PendingRuns {
  readonly #runs = new Set<Promise<unknown>>();
  #closed = false;

  /** @throws MicroYoloError `disposed` after `close` */
  async track<T>(start: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      throw new MicroYoloError('disposed', 'the network is disposed; load it again');
    }
    const run = start();
    this.#runs.add(run);
    try {
      return await run;
    } finally {
      this.#runs.delete(run);
    }
  }

  /**
   * Waits for the runs in progress, and rejects new ones.
   * @returns whether it was open
   */
  async close(): Promise<boolean> {
    if (this.#closed) return false;
    this.#closed = true;
    await Promise.allSettled(this.#runs);
    return true;
  }
}
