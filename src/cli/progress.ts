import { SingleBar } from 'cli-progress';

/** A bar on a terminal's stderr; nothing where stderr is no terminal. */
export class Progress {
  readonly #bar: SingleBar;
  #running = false;
  #started = 0;
  #done = 0;
  #skipped = 0;

  /** @param unit what is counted, in the plural */
  constructor(unit: string) {
    this.#bar = new SingleBar({
      format: `{bar} {value}/{total} ${unit} · {rate} ${unit}/s · {eta_formatted} left{skipped}`,
      stream: process.stderr,
      clearOnComplete: true,
      // Nothing of the terminal is changed that an interrupted run would leave so.
      linewrap: true,
    });
  }

  start(total: number): void {
    this.#started = performance.now();
    this.#done = 0;
    this.#bar.start(total, 0, { rate: '–', skipped: '' });
    this.#running = true;
  }

  step(): void {
    if (!this.#running) return;
    const rate = ++this.#done / ((performance.now() - this.#started) / 1000);
    const skipped = this.#skipped > 0 ? ` · ${this.#skipped} skipped` : '';
    this.#bar.increment({ rate: rate.toFixed(rate < 10 ? 1 : 0), skipped });
  }

  /** A step whose object could not be used. */
  skip(): void {
    this.#skipped++;
    this.step();
  }

  stop(): void {
    if (this.#running) this.#bar.stop();
    this.#running = false;
  }
}
