import { constants } from 'node:fs';
import { access, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { MicroYoloError, systemErrorCode } from '../errors/errors.ts';
import { notWritable } from './write.ts';

/**
 * Creates a folder and its missing parents.
 * @throws MicroYoloError `not-writable`
 */
export async function makeFolder(path: string): Promise<void> {
  // Does not use `recursive`, because Node retries forever in folders such as /proc, where none can be created.
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    if (!(await isFolder(path))) throw notWritable(path, error);
  }
}

/**
 * The deepest folder that contains all paths.
 * @throws MicroYoloError `invalid-argument` if the paths are on several drives
 */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => dirname(resolve(path)).split(sep));
  const different = first.findIndex((part, depth) => others.some((parts) => parts[depth] !== part));
  const shared = different < 0 ? first : first.slice(0, different);
  if (shared.length === 0 && first.length > 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `${paths[0]}: is on a different drive from the other images, expected one drive; pass the images of one drive at a time`,
    );
  }
  // The root needs the separator: `C:` without it is the current folder of that drive.
  return shared.length < 2 ? `${shared.join(sep)}${sep}` : shared.join(sep);
}

/** Whether a path is an existing file. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Whether a path is an existing folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/**
 * Checks that a folder is writable or can be created. Creates nothing.
 * @throws MicroYoloError `not-writable`
 */
export async function checkFolder(path: string): Promise<void> {
  try {
    // With the trailing slash, a file of that name is an error too.
    await access(`${path}/`, constants.W_OK);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) throw notWritable(path, error);
    await checkFolder(dirname(path));
  }
}

/** The absolute path with symbolic links resolved, as far as the path exists. */
export async function realPath(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const folder = dirname(absolute);
    return folder === absolute ? absolute : join(await realPath(folder), basename(absolute));
  }
}
