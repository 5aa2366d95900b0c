import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { ElementRanges } from './element-ranges.ts';

export interface ScannedJson {
  /** The arrays asked for, split into elements. */
  readonly arrays: ReadonlyMap<string, ElementRanges>;
  /** Bytes of every other value of the object, by key. */
  readonly others: ReadonlyMap<string, readonly [start: number, end: number]>;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  position = 0;
  /** What is being read, for messages. */
  place = 'its start';

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  /** The next byte that is no space. */
  peek(): number {
    while (isSpace(this.#bytes[this.position])) this.position++;
    return this.#bytes[this.position] ?? this.#fail();
  }

  /** The text that comes next, without spaces before it. */
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

  /** Whether a list goes on after one of its elements. */
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

  /** Skips a value: brackets are counted, the rest is left to the parser. */
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

/** Values that may stand in place of a list, by how they begin. */
const NO_LISTS: readonly (readonly [begins: RegExp, kind: string])[] = [
  [/^\{/, 'an object'],
  [/^"/, 'text'],
  [/^(null|NaN)\b/, 'null'],
  [/^(true|false)\b/, 'true or false'],
  [/^-?\d/, 'a number'],
];

function refuseOther(text: string, key: string, file: string): void {
  const found = NO_LISTS.find(([begins]) => begins.test(text));
  if (found === undefined) return;
  const problem = `${JSON.stringify(key)} is ${found[1]}, expected a list`;
  throw new MicroYoloError('invalid-file', `${file}: ${problem}; write [] if it is empty`, { path: file });
}

function scanArray(scanner: Scanner, key: string, file: string): ElementRanges {
  const ranges = new ElementRanges();
  if (key !== '') refuseOther(scanner.ahead(), key, file);
  scanner.expect(OPEN_BRACKET);
  if (scanner.peek() === CLOSE_BRACKET) {
    scanner.position++;
    return ranges;
  }
  do {
    scanner.place = `${key}[${ranges.length}]`;
    scanner.peek();
    const start = scanner.position;
    scanner.skipValue();
    ranges.push(start, scanner.position);
  } while (scanner.goesOn(CLOSE_BRACKET));
  return ranges;
}

/**
 * Finds the values of a JSON file that holds one object, and the elements of its large arrays, without
 * parsing them: a file of hundreds of megabytes can then be parsed a slice at a time.
 * @param arrayKeys keys whose values are split into elements
 * @throws MicroYoloError `invalid-file` if it is no such object, or ends too early
 */
export function scanJson(bytes: Buffer, arrayKeys: readonly string[], file: string): ScannedJson {
  const scanner = new Scanner(bytes, file);
  const arrays = new Map<string, ElementRanges>();
  const others = new Map<string, readonly [number, number]>();
  scanner.expect(OPEN_BRACE);
  if (scanner.peek() === CLOSE_BRACE) return { arrays, others };
  do {
    scanner.place = 'a key';
    if (scanner.peek() !== QUOTE) scanner.expect(QUOTE);
    const keyStart = scanner.position;
    scanner.skipString();
    const key = parseKey(bytes.toString('utf8', keyStart, scanner.position), file);
    scanner.place = key;
    scanner.expect(COLON);
    scanner.peek();
    const start = scanner.position;
    if (arrays.has(key) || others.has(key)) {
      throw new MicroYoloError('invalid-file', `${file}: has ${JSON.stringify(key)} twice; join the two`, {
        path: file,
      });
    }
    if (arrayKeys.includes(key)) arrays.set(key, scanArray(scanner, key, file));
    else {
      scanner.skipValue();
      others.set(key, [start, scanner.position]);
    }
    scanner.place = `what follows ${key}`;
  } while (scanner.goesOn(CLOSE_BRACE));
  if (!scanner.atEnd()) {
    throw new MicroYoloError(
      'invalid-file',
      `${file}: has more text after its JSON, at byte ${scanner.position}; download or export it again`,
      { path: file },
    );
  }
  return { arrays, others };
}

function parseKey(text: string, file: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new MicroYoloError(
      'invalid-file',
      `${file}: key ${text.slice(0, 40)} is not JSON; download or export it again`,
      { path: file },
    );
  }
}

/**
 * Finds the elements of a JSON file that holds one array, without parsing them.
 * @throws MicroYoloError `invalid-file` if it is no array, or ends too early
 */
export function scanJsonArray(bytes: Buffer, file: string): ElementRanges {
  const scanner = new Scanner(bytes, file);
  const ranges = scanArray(scanner, '', file);
  if (!scanner.atEnd()) {
    throw new MicroYoloError(
      'invalid-file',
      `${file}: has more text after its JSON, at byte ${scanner.position}; download or export it again`,
      { path: file },
    );
  }
  return ranges;
}
