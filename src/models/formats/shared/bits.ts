import { grown } from '../../../foundation/grown.ts';

/** Writes bits as in DEFLATE: the first bit of a code goes to the lowest free bit of a byte. */
export class BitWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #held = 0;
  #count = 0;

  /** @param code with its first bit lowest; at most 24 bits */
  write(code: number, bits: number): void {
    this.#held |= code << this.#count;
    this.#count += bits;
    while (this.#count >= 8) {
      this.#push(this.#held & 0xff);
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) this.#bytes = grown(this.#bytes, 2 * this.#length);
    this.#bytes[this.#length++] = byte;
  }

  /** Returns the written bits, padded with zeros to whole bytes. */
  bytes(): Uint8Array {
    if (this.#count > 0) this.#push(this.#held & 0xff);
    this.#held = 0;
    this.#count = 0;
    return this.#bytes.slice(0, this.#length);
  }
}
