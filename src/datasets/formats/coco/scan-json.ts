import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { ElementRanges } from './element-ranges.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  Scanner,
} from './json-scanner.ts';

export interface ScannedJson {
  /** The requested arrays, split into elements. */
  readonly arrays: ReadonlyMap<string, ElementRanges>;
  /** Byte range of every other value of the object, by key. */
  readonly others: ReadonlyMap<string, readonly [start: number, end: number]>;
}

/** Other JSON values that may replace a list, recognized by their first characters. */
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
 * Finds the values of a JSON object, and the elements of its large arrays, without parsing them. A file of hundreds of
 * megabytes can then be parsed slice by slice.
 * @param arrayKeys keys whose values are split into elements
 * @throws MicroYoloError `invalid-file` if the file is not a JSON object, or is truncated
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
 * Finds the elements of a JSON array without parsing them.
 * @throws MicroYoloError `invalid-file` if the file is not a JSON array, or is truncated
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
