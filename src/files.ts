import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import writeFileAtomic from 'write-file-atomic';
import { MicroYoloError, systemErrorCode } from './errors.ts';
import { option } from './named-options.ts';

/**
 * `; did you mean NAME?` for a near miss among the names, else `undefined`.
 * @param show how to write the name
 */
export function didYouMean(
  name: string,
  names: readonly string[],
  show = (nearest: string) => nearest,
): string | undefined {
  if (names.length === 0) return undefined;
  const nearest = closest(name, names as string[]);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? `; did you mean ${show(nearest)}?`
    : undefined;
}

/** Files of a folder among which a near name is looked for. */
const MAX_SIBLINGS = 1000;
/** Folders of more: looking through takes its time, and a data set may lack thousands of files. */
const crowded = new Set<string>();

/**
 * A path that names a drive of Windows, as it was written before it was joined to a folder; `undefined` for
 * others, and on Windows.
 */
export function windowsDrivePath(path: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  return /(?:^|\/)([A-Za-z]:[\\/].*)$/s.exec(path)?.[1];
}

/** What to do about a path with a drive of Windows. */
export function driveRemedy(written: string): string {
  return `${written.slice(0, 2)} is a drive of Windows, which is not here; write where the file is on this machine`;
}

/** What to say of a path that cannot be read, with the nearest name in its folder. */
export async function unreadable(path: string, what: string, error: unknown): Promise<MicroYoloError> {
  const code = systemErrorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const folder = dirname(path);
    const siblings = crowded.has(folder) ? [] : await readdir(folder).catch(() => []);
    if (siblings.length > MAX_SIBLINGS) crowded.add(folder);
    const written = windowsDrivePath(path);
    if (written !== undefined) {
      const problem = `${written}: no such file, expected ${what}; ${driveRemedy(written)}`;
      return new MicroYoloError('not-found', problem);
    }
    const near = didYouMean(basename(path), crowded.has(folder) ? [] : siblings, (name) =>
      join(folder, name),
    );
    return new MicroYoloError(
      'not-found',
      `${path}: no such file, expected ${what}${near ?? '; check the path'}`,
    );
  }
  if (code === 'EISDIR') {
    return new MicroYoloError('invalid-file', `${path}: is a folder, expected ${what}; name a file`);
  }
  if (code === 'ERR_FS_FILE_TOO_LARGE') {
    return new MicroYoloError(
      'invalid-file',
      `${path}: is larger than 2 GiB, expected ${what} that fits into memory at once; use a smaller file`,
    );
  }
  const problem = `${path}: cannot be read (${code ?? error}), expected ${what}`;
  return new MicroYoloError('invalid-file', `${problem}; check its type and permissions`);
}

/** Pipes that this process was given, such as a shell's `<(command)`: whoever gave them writes to them. */
const OWN_PIPES = /^\/(?:dev\/(?:fd\/|stdin$)|proc\/self\/fd\/)/;

/**
 * Checks that a file ends: a named pipe may wait forever for its writer, and a device may never stop.
 * @param what it is, for messages, with its article: "a weights file"
 * @throws MicroYoloError `invalid-file`; the system's own error if there is no such file
 */
export async function checkEnds(path: string, what: string): Promise<void> {
  const kind = await stat(path);
  if (kind.isFile() || kind.isDirectory() || OWN_PIPES.test(path) || path === devNull) return;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: is a pipe, a socket or a device, expected ${what}; save it to a file first`,
  );
}

/**
 * Reads a whole file.
 * @param what it is, for messages, with its article: "a weights file"
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
    // Written here rather than by the package: it takes a write cut short, as on a full disk, for a whole one.
    const tmpfileCreated = (temporary: string) => writeFile(temporary, contents);
    await writeFileAtomic(path, '', { fsync: flush, tmpfileCreated });
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
  return new MicroYoloError('not-writable', `${path}: cannot be written (${reason}); ${remedy}`);
}

/**
 * Makes a folder and those above it.
 * @throws MicroYoloError `not-writable`
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw notWritable(path, error);
  }
}

/**
 * The deepest folder that holds all the paths.
 * @throws MicroYoloError `invalid-argument` where they lie on several drives
 */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => dirname(resolve(path)).split(sep));
  const different = first.findIndex((part, depth) => others.some((parts) => parts[depth] !== part));
  const shared = different < 0 ? first : first.slice(0, different);
  if (shared.length === 0 && first.length > 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `${paths[0]}: lies on another drive than other images, expected one; give those of one drive at a time`,
    );
  }
  // The root's own name ends in the separator: `/`, or `C:\` where `C:` would be that drive's current folder.
  return shared.length < 2 ? `${shared.join(sep)}${sep}` : shared.join(sep);
}

/** Whether there is a file of that path. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Whether there is a folder of that path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/**
 * Checks that a folder can be written to, or made; makes nothing.
 * @throws MicroYoloError `not-writable`
 */
export async function checkFolder(path: string): Promise<void> {
  try {
    // The trailing slash asks for a folder: a file of that name is an error too.
    await access(`${path}/`, constants.W_OK);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) throw notWritable(path, error);
    await checkFolder(dirname(path));
  }
}

/** The absolute path of what a path means, symbolic links followed as far as it exists. */
export async function realPath(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const folder = dirname(absolute);
    return folder === absolute ? absolute : join(await realPath(folder), basename(absolute));
  }
}

/**
 * Checks that a file to write is none of those that are read, by whatever path.
 * @param what they are, for messages
 * @param name of the option that names the file to write. @default 'out'
 * @throws MicroYoloError `invalid-argument`
 */
export async function checkOverwritesNone(
  out: string,
  read: readonly (string | undefined)[],
  what: string,
  name = 'out',
): Promise<void> {
  const target = await realPath(out);
  for (const file of read) {
    if (file !== undefined && (await realPath(file)) === target) {
      throw new MicroYoloError(
        'invalid-argument',
        `${name} ${out}: would overwrite ${what}; name another file with ${option(name)}`,
      );
    }
  }
}
