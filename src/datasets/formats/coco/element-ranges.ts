import { grown } from '../../../foundation/grown.ts';

/** Byte ranges of the elements of a JSON array in its file. */
export class ElementRanges {
  #starts = new Float64Array(1024);
  #ends = new Float64Array(1024);
  length = 0;

  push(start: number, end: number): void {
    if (this.length === this.#starts.length) {
      this.#starts = grown(this.#starts, 2 * this.length);
      this.#ends = grown(this.#ends, 2 * this.length);
    }
    this.#starts[this.length] = start;
    this.#ends[this.length++] = end;
  }

  start(index: number): number {
    return this.#starts[index]!;
  }

  end(index: number): number {
    return this.#ends[index]!;
  }
}
