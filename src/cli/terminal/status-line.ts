/** Least time between two drawings, in milliseconds. */
const REDRAW_EVERY = 100;
const SEPARATOR = ' · ';

/** A bar of `width` characters, of which the share 0–1 is filled. */
export function drawBar(share: number, width: number): string {
  const filled = Math.round(width * Math.min(1, Math.max(0, share)));
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** As many parts as a line of `width` characters holds; of those that do not fit, later and shorter ones may. */
export function fitParts(parts: readonly string[], width: number): string {
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : line + SEPARATOR + part;
    if (longer.length <= width) line = longer;
  }
  return line;
}

/**
 * A line at the bottom of a terminal, on stderr, below all that is printed through it. Nothing is drawn if stderr is no
 * terminal. The cursor's place is never saved and restored: lines that scroll the terminal would make it another place.
 */
export class StatusLine {
  readonly isShown: boolean = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  #parts: readonly string[] = [];
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;
  #isWatching = false;

  /** @param parts of the line, the most important first: a narrow terminal shows only those that fit */
  update(parts: readonly string[]): void {
    if (!this.isShown) return;
    this.#parts = parts;
    if (performance.now() - this.#drawnAt >= REDRAW_EVERY) this.#draw();
  }

  /** Prints a line above the status line. */
  print(text: string): void {
    const redraw = this.#isDrawn;
    this.#erase();
    process.stderr.write(`${text}\n`);
    if (redraw) this.#draw();
  }

  /** Erases the status line; what is printed next stands in its place. */
  end(): void {
    this.#erase();
    this.#parts = [];
    process.off('exit', this.#erase).off('warning', this.#erase);
    this.#isWatching = false;
  }

  #draw(): void {
    this.#watch();
    // One less than there are columns: a full line would wrap.
    const line = fitParts(this.#parts, (process.stderr.columns || 80) - 1);
    process.stderr.write(`\r\u001b[K${line}`);
    this.#isDrawn = true;
    this.#drawnAt = performance.now();
  }

  /** The line makes room as well for what Node.js warns of, and if the process ends without `end`. */
  #watch(): void {
    if (this.#isWatching) return;
    process.on('exit', this.#erase).prependListener('warning', this.#erase);
    this.#isWatching = true;
  }

  readonly #erase = (): void => {
    if (this.#isDrawn) process.stderr.write('\r\u001b[K');
    this.#isDrawn = false;
  };
}
