import { formatDuration } from './duration.ts';
import { drawBar, StatusLine } from './status-line.ts';

const BAR = 24;

/** A progress bar over a known number of items, on stderr. Shown only on a terminal. */
export class Progress {
  readonly #status = new StatusLine();
  readonly #unit: string;
  readonly #format: (value: number) => string;
  #total = 0;
  #started = 0;
  #done = 0;
  #skipped = 0;
  #running = false;

  /**
   * @param unit plural name of the counted items
   * @param format formats a count. @default plain digits
   */
  constructor(unit: string, format: (value: number) => string = String) {
    this.#unit = unit;
    this.#format = format;
  }

  start(total: number): void {
    this.#total = total;
    this.#started = performance.now();
    this.#done = 0;
    this.#running = true;
    if (this.#status.isShown) process.on('SIGINT', this.#onSignal).on('SIGTERM', this.#onSignal);
    this.#show();
  }

  /** @param done number of finished items. @default one more than before */
  step(done = this.#done + 1): void {
    this.#done = done;
    if (this.#running) this.#show();
  }

  /** Counts an item that could not be used. */
  skip(): void {
    this.#skipped++;
    this.step();
  }

  /** Prints a line above the bar. */
  print(text: string): void {
    this.#status.print(text);
  }

  stop(): void {
    this.#running = false;
    this.#status.end();
    process.off('SIGINT', this.#onSignal).off('SIGTERM', this.#onSignal);
  }

  #show(): void {
    const rate = this.#done / ((performance.now() - this.#started) / 1000);
    const bar = drawBar(this.#done / this.#total, BAR);
    const counted = `${bar} ${this.#format(this.#done)}/${this.#format(this.#total)} ${this.#unit}`;
    if (this.#done === 0) return this.#status.update([counted]);
    this.#status.update([
      counted,
      `${formatDuration((this.#total - this.#done) / rate)} left`,
      `${this.#format(rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate))} ${this.#unit}/s`,
      ...(this.#skipped > 0 ? [`${this.#skipped} skipped`] : []),
    ]);
  }

  /** Erases the bar, then lets the signal end the process as usual. */
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.stop();
    process.kill(process.pid, signal);
  };
}
