import { printable } from '../errors.ts';
import { Progress } from './progress.ts';

/** A bar over images; what was wrong with them, and with anything else, is said on stderr when it ends. */
export class ImageProgress {
  readonly #bar = new Progress('images');
  readonly #problems: string[] = [];
  #skipped = 0;

  /** Images that could not be used. */
  get skipped(): number {
    return this.#skipped;
  }

  start(images: number): void {
    this.#bar.start(images);
  }

  step(): void {
    this.#bar.step();
  }

  skip(error: Error): void {
    this.#skipped++;
    this.#bar.skip();
    this.#problems.push(`skipped: ${error.message}`);
  }

  /** @param kind of message, which it begins with */
  say(kind: 'note' | 'warning', message: string): void {
    this.#problems.push(`${kind}: ${printable(message)}`);
  }

  stop(): void {
    this.#bar.stop();
    for (const problem of this.#problems.splice(0)) console.error(problem);
  }
}
