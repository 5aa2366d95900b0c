import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isStream } from './stream.ts';

/** Temporary files, removed if the process exits before they are renamed. */
const unfinished = new Set<string>();

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

function begin(path: string): void {
  if (unfinished.size === 0) process.once('exit', removeUnfinished);
  unfinished.add(path);
}

function end(path: string): void {
  unfinished.delete(path);
  if (unfinished.size === 0) process.off('exit', removeUnfinished);
}

/** Copies the permissions of the replaced file, and its owner if the system allows it. */
async function copyOwnership(from: string, handle: FileHandle): Promise<void> {
  const old = await stat(from).catch(() => undefined);
  if (old === undefined) return;
  await handle.chmod(old.mode);
  await handle.chown(old.uid, old.gid).catch(() => {});
}

/**
 * Replaces a file atomically: writes a temporary file beside it and renames that. Follows symbolic links. Pipes and
 * devices, such as /dev/stdout, are written to directly.
 * @param flush whether to wait until the contents are on disk
 * @throws the system's errors
 */
export async function replaceFile(
  path: string,
  contents: Uint8Array | string | Iterable<string>,
  flush: boolean,
): Promise<void> {
  if (await isStream(path)) return writeFile(path, contents);
  const target = await realpath(path).catch(() => path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  begin(temporary);
  try {
    await using handle = await open(temporary, 'wx');
    await writeFile(handle, contents);
    await copyOwnership(target, handle);
    if (flush) await handle.sync();
    await handle.close();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    end(temporary);
  }
}
