import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import writeFileAtomic from 'write-file-atomic';
import { MicroYoloError, systemErrorCode } from './errors.ts';

/** `; did you mean NAME?` for a near miss among the names, else `undefined`. */
export function didYouMean(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const nearest = closest(name, names as string[]);
  return distance(name, nearest) <= Math.max(2, name.length / 3) ? `; did you mean ${nearest}?` : undefined;
}

/** What to say of a path that cannot be read, with the nearest name in its folder. */
export async function unreadable(path: string, what: string, error: unknown): Promise<MicroYoloError> {
  const code = systemErrorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const folder = dirname(path);
    const siblings = await readdir(folder).catch(() => []);
    const near = didYouMean(basename(path), siblings)?.replace('mean ', `mean ${join(folder, '/')}`);
    return new MicroYoloError(
      'not-found',
      `${path}: no such file, expected a ${what}${near ?? '; check the path'}`,
    );
  }
  const problem = `${path}: cannot be read (${code ?? error}), expected a ${what}`;
  return new MicroYoloError('invalid-file', `${problem}; check its type and permissions`);
}

/**
 * Reads a whole file.
 * @param what it is, for messages: "model", "weights file"
 * @throws MicroYoloError `not-found` or `invalid-file`
 */
export async function readWholeFile(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw await unreadable(path, what, error);
  }
}

/**
 * Writes a whole file: a temporary one beside it, flushed to disk, then renamed, so that the path holds the
 * old contents or the new ones whole.
 * @throws MicroYoloError `not-writable`
 */
export async function writeWholeFile(path: string, contents: Uint8Array | string): Promise<void> {
  const data =
    typeof contents === 'string'
      ? contents
      : Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  try {
    await writeFileAtomic(path, data, { fsync: true });
  } catch (error) {
    const reason = systemErrorCode(error) ?? error;
    throw new MicroYoloError(
      'not-writable',
      `${path}: cannot be written (${reason}); choose a folder that exists and is writable`,
    );
  }
}
