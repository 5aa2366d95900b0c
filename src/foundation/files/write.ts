import { MicroYoloError, systemErrorCode } from '../errors/errors.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Writes a whole file atomically: a temporary file beside it, then renamed.
 * @param contents in pieces, if too large for one string
 * @param options.flush whether to wait until the contents are on disk. Set it to false for thousands of files.
 * @default true
 * @throws MicroYoloError `not-writable`
 */
export async function writeWholeFile(
  path: string,
  contents: Uint8Array | string | Iterable<string>,
  { flush = true }: { readonly flush?: boolean } = {},
): Promise<void> {
  try {
    await replaceFile(path, contents, flush);
  } catch (error) {
    throw error instanceof MicroYoloError ? error : notWritable(path, error);
  }
}

const PIECE_CHARACTERS = 1_000_000;

/** Joins small pieces into larger ones, to save writes. */
export function* inLargePieces(pieces: Iterable<string>): Generator<string> {
  let joined = '';
  for (const piece of pieces) {
    joined += piece;
    if (joined.length >= PIECE_CHARACTERS) {
      yield joined;
      joined = '';
    }
  }
  yield joined;
}

/** Error for a path that cannot be written. */
export function notWritable(path: string, error: unknown): MicroYoloError {
  const reason = systemErrorCode(error) ?? error;
  const full = reason === 'ENOSPC' || reason === 'EDQUOT';
  const remedy = full ? 'free some space on its disk' : 'choose a folder that exists and is writable';
  return new MicroYoloError('not-writable', `${path}: cannot be written (${reason}); ${remedy}`, { path });
}
