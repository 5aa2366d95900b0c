import { readdir, readFile, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { didYouMean } from '../errors/did-you-mean.ts';
import { MicroYoloError, systemErrorCode } from '../errors/errors.ts';

/** Maximum size of a folder in which similar names are searched. */
const MAX_SIBLINGS = 1000;
/** Larger folders, remembered because listing them is slow and a data set may lack thousands of files. */
const crowded = new Set<string>();

/**
 * The part of a path that starts with a Windows drive, without the folder that it was joined to. `undefined` if there
 * is none, and on Windows.
 */
export function windowsDrivePath(path: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  return /(?:^|\/)([A-Za-z]:[\\/].*)$/s.exec(path)?.[1];
}

/** Remedy for a path with a Windows drive. */
export function driveRemedy(written: string): string {
  return `${written.slice(0, 2)} is a Windows drive, which does not exist here; use the file's path on this machine`;
}

/** Remedy for a path that does not exist. */
export function pathRemedy(path: string): string {
  return isAbsolute(path) ? 'check the path' : `check the path, which starts in ${process.cwd()}`;
}

/** Error for an unreadable path. Suggests a similar name in the folder if the file is missing. */
export async function unreadable(path: string, what: string, error: unknown): Promise<MicroYoloError> {
  const code = systemErrorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const folder = dirname(path);
    const siblings = crowded.has(folder) ? [] : await readdir(folder).catch(() => []);
    if (siblings.length > MAX_SIBLINGS) crowded.add(folder);
    const written = windowsDrivePath(path);
    if (written !== undefined) {
      const problem = `${written}: no such file, expected ${what}; ${driveRemedy(written)}`;
      return new MicroYoloError('not-found', problem, { path: written });
    }
    const near = didYouMean(basename(path), crowded.has(folder) ? [] : siblings, (name) =>
      join(folder, name),
    );
    return new MicroYoloError(
      'not-found',
      `${path}: no such file, expected ${what}${near ?? `; ${pathRemedy(path)}`}`,
      { path },
    );
  }
  if (code === 'ERR_FS_FILE_TOO_LARGE') {
    return new MicroYoloError(
      'invalid-file',
      `${path}: is larger than 2 GiB, expected ${what} that fits into memory at once; use a smaller file`,
      { path },
    );
  }
  if (code === 'EISDIR') {
    return new MicroYoloError('invalid-file', `${path}: is a folder, expected ${what}; name a file`, {
      path,
    });
  }
  const problem = `${path}: cannot be read (${code ?? error}), expected ${what}`;
  return new MicroYoloError('invalid-file', `${problem}; check its type and permissions`, { path });
}

/** Pipes passed to this process, such as a shell's `<(command)`. They have a writer and end. */
const OWN_PIPES = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/self\/fd\/)/;

/**
 * Checks that reading a file ends. A named pipe may wait forever for a writer, and a device may never end.
 * @param what description with article, for messages: "a weights file"
 * @throws MicroYoloError `invalid-file`; the system's error if the file does not exist
 */
export async function checkEnds(path: string, what: string): Promise<void> {
  const kind = await stat(path);
  if (kind.isFile() || kind.isDirectory() || OWN_PIPES.test(path) || path === devNull) return;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: is a pipe, a socket or a device, expected ${what}; save it to a file first`,
    { path },
  );
}

/**
 * Reads a whole file.
 * @param what description with article, for messages: "a weights file"
 * @throws MicroYoloError `not-found` or `invalid-file`
 */
export async function readWholeFile(path: string, what: string): Promise<Buffer> {
  try {
    await checkEnds(path, what);
    return await readFile(path);
  } catch (error) {
    throw error instanceof MicroYoloError ? error : await unreadable(path, what, error);
  }
}
