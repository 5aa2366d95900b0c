import { formatDuration } from './duration.ts';
import { drawBar, StatusLine } from './status-line.ts';

const BAR = 24;

/** A bar over a known number of things, on a terminal's stderr; nothing if stderr is no terminal. */
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
   * @param unit what is counted, in the plural
   * @param format how a count is written. @default as it is
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

  /** @param done how many are done by now. @default one more */
  step(done = this.#done + 1): void {
    this.#done = done;
    if (this.#running) this.#show();
  }

  /** A step whose object could not be used. */
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

  /** Leaves a clean line, then ends by the signal as if nobody had listened. */
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.stop();
    process.kill(process.pid, signal);
  };
}
