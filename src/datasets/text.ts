import { isUtf8 } from 'node:buffer';
import { MicroYoloError } from '../errors.ts';
import { readWholeFile } from '../files.ts';

/** Bytes of a text file, checked and without a byte order mark. */
export async function readUtf8(path: string, what: string): Promise<Buffer> {
  const bytes = await readWholeFile(path, what);
  if (!isUtf8(bytes)) {
    throw new MicroYoloError('invalid-file', `${path}: not UTF-8 text, expected ${what}; save it as UTF-8`);
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

/**
 * Reads a text file.
 * @param what it is, for messages, with its article
 * @throws MicroYoloError `not-found`, or `invalid-file` where it is not UTF-8
 */
export async function readText(path: string, what: string): Promise<string> {
  return (await readUtf8(path, what)).toString('utf8');
}

/** Its lines with their numbers from 1, trimmed, without the empty ones. */
export function filledLines(text: string): readonly { readonly number: number; readonly line: string }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, line: line.trim() }))
    .filter(({ line }) => line !== '');
}
