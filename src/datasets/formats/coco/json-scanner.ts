import { MicroYoloError } from '../../../foundation/errors/errors.ts';

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Walks through the bytes of a JSON file without parsing its values. */
export class Scanner {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  position = 0;
  /** The part being read, for messages. */
  place = 'its start';

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  /** Returns the next byte that is not whitespace, without consuming it. */
  peek(): number {
    while (isSpace(this.#bytes[this.position])) this.position++;
    return this.#bytes[this.position] ?? this.#fail();
  }

  /** Returns the next ten bytes as text, without leading whitespace. */
  ahead(): string {
    this.peek();
    return Buffer.from(this.#bytes.subarray(this.position, this.position + 10)).toString('latin1');
  }

  atEnd(): boolean {
    while (isSpace(this.#bytes[this.position])) this.position++;
    return this.position >= this.#bytes.length;
  }

  expect(byte: number): void {
    if (this.peek() !== byte) this.#fail(String.fromCharCode(byte));
    this.position++;
  }

  /** Consumes the comma or closing bracket after an element, and returns whether another element follows. */
  goesOn(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) this.#fail(`, or ${String.fromCharCode(close)}`);
    this.position++;
    return byte === COMMA;
  }

  skipString(): void {
    const bytes = this.#bytes;
    let at = this.position + 1;
    while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    this.position = at + 1;
    if (at >= bytes.length) this.#fail();
  }

  /** Skips a value by counting brackets. The parser validates the rest. */
  skipValue(): void {
    const bytes = this.#bytes;
    let depth = 0;
    this.peek();
    const start = this.position;
    while (this.position < bytes.length) {
      const byte = bytes[this.position]!;
      const closes = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
      if (depth === 0 && (closes || byte === COMMA || isSpace(byte))) break;
      if (byte === QUOTE) this.skipString();
      else this.position++;
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      if (closes) depth--;
      if (depth === 0 && (closes || byte === QUOTE)) return;
    }
    if (depth > 0) this.#fail();
    if (this.position === start) this.#fail('a value');
  }

  #fail(expected?: string): never {
    if (this.#bytes.every((byte) => isSpace(byte))) {
      throw new MicroYoloError('invalid-file', `${this.#file}: is empty; download or export it again`);
    }
    const problem =
      this.position >= this.#bytes.length
        ? `truncated after ${this.#bytes.length.toLocaleString('en-US')} bytes, inside ${this.place}`
        : `not JSON at byte ${this.position} (in ${this.place}${expected ? `), expected ${expected}` : ')'}`;
    throw new MicroYoloError('invalid-file', `${this.#file}: ${problem}; download or export it again`);
  }
}
