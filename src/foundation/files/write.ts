import { MicroYoloError, systemErrorCode } from '../errors/errors.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Writes a whole file: a temporary one beside it, then renamed, so that the path holds the old contents or the
 * new ones whole.
 * @param contents in pieces, where they are too large for one string
 * @param options.flush waits until the disk has it; not worth it for one of thousands. @default true
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

/** Joins small pieces, each of which would be a write of its own. */
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

/** What to say of a path that cannot be written. */
export function notWritable(path: string, error: unknown): MicroYoloError {
  const reason = systemErrorCode(error) ?? error;
  const full = reason === 'ENOSPC' || reason === 'EDQUOT';
  const remedy = full ? 'free some space on its disk' : 'choose a folder that exists and is writable';
  return new MicroYoloError('not-writable', `${path}: cannot be written (${reason}); ${remedy}`, { path });
}
