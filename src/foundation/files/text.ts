import { isUtf8 } from 'node:buffer';
import { MicroYoloError } from '../errors/errors.ts';
import { readWholeFile } from './read.ts';

const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const startsWith = (bytes: Uint8Array, mark: readonly number[]) =>
  mark.every((byte, at) => bytes[at] === byte);

/** Reads a UTF-8 file, checks the encoding, and removes the byte order mark. */
export async function readUtf8(path: string, what: string): Promise<Buffer> {
  const bytes = await readWholeFile(path, what);
  // In UTF-16, every other byte of Latin letters is 0. Zero bytes are valid UTF-8, but text has none.
  const isUtf16 = UTF16_MARKS.some((mark) => startsWith(bytes, mark)) || bytes.includes(0);
  if (isUtf16 || !isUtf8(bytes)) {
    const found = isUtf16 ? 'not UTF-8 text (UTF-16, or not text)' : 'not UTF-8 text';
    throw new MicroYoloError('invalid-file', `${path}: ${found}, expected ${what}; save it as UTF-8`, {
      path,
    });
  }
  return startsWith(bytes, UTF8_MARK) ? bytes.subarray(UTF8_MARK.length) : bytes;
}

/**
 * Reads a text file.
 * @param what description with article, for messages
 * @throws MicroYoloError `not-found`, or `invalid-file` if it is not UTF-8
 */
export async function readText(path: string, what: string): Promise<string> {
  return (await readUtf8(path, what)).toString('utf8');
}

/** The trimmed lines of a text with any line endings, including CR alone. */
export function trimmedLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map((line) => line.trim());
}

/** The trimmed, non-empty lines of a text, with their line numbers from 1. */
export function filledLines(text: string): readonly { readonly number: number; readonly line: string }[] {
  return trimmedLines(text)
    .map((line, index) => ({ number: index + 1, line }))
    .filter(({ line }) => line !== '');
}
