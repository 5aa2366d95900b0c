/** Minimum time between two redraws, in milliseconds. */
const REDRAW_EVERY = 100;
const SEPARATOR = ' · ';

/** A bar of `width` characters, filled by a share of 0–1. */
export function drawBar(share: number, width: number): string {
  const filled = Math.round(width * Math.min(1, Math.max(0, share)));
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** Joins the parts that fit into `width` characters. A part that is too long is skipped; later ones may still fit. */
export function fitParts(parts: readonly string[], width: number): string {
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : line + SEPARATOR + part;
    if (longer.length <= width) line = longer;
  }
  return line;
}

/**
 * A status line on stderr, below everything that is printed through it. Drawn only on a terminal. The cursor position
 * is never saved and restored, because scrolling would make it wrong.
 */
export class StatusLine {
  readonly isShown: boolean = process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  #parts: readonly string[] = [];
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;
  #isWatching = false;

  /** @param parts parts of the line, most important first: a narrow terminal shows only those that fit */
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

  /** Erases the status line. The next output takes its place. */
  end(): void {
    this.#erase();
    this.#parts = [];
    process.off('exit', this.#erase).off('warning', this.#erase);
    this.#isWatching = false;
  }

  #draw(): void {
    this.#watch();
    // One column less than the terminal has, because a full line would wrap.
    const line = fitParts(this.#parts, (process.stderr.columns || 80) - 1);
    process.stderr.write(`\r\u001b[K${line}`);
    this.#isDrawn = true;
    this.#drawnAt = performance.now();
  }

  /** Also erases the line before Node.js prints a warning, and if the process exits without `end`. */
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
