import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemErrorCode } from '../errors/errors.ts';
import { notWritable } from './write.ts';

/** Age in milliseconds from which a lock file without a process id counts as abandoned. Writing the id takes less. */
const NAMELESS_AGE = 10_000;

/** Error codes of file systems without hard links. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/** Start of this process, in milliseconds since the epoch. */
const BEGAN = Date.now() - 1000 * process.uptime();

/** Contents of a lock file: process id, host name and time. */
const ownText = () => `${process.pid} ${hostname()} ${Date.now()}`;

/** Whether a process with this id is running. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

/** Writes the contents of a lock file to a temporary file beside it. Returns that file's path. */
async function writeDraft(path: string): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, ownText());
    return draft;
  } catch (error) {
    await rm(draft, { force: true });
    throw notWritable(path, error);
  }
}

/** Creates a lock file atomically, with its contents. Returns false if it already exists. */
async function create(path: string): Promise<boolean> {
  const draft = await writeDraft(path);
  try {
    await link(draft, path).catch(async (error: unknown) => {
      if (!NO_LINKS.includes(systemErrorCode(error))) throw error;
      await writeFile(path, ownText(), { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw notWritable(path, error);
  } finally {
    await rm(draft, { force: true });
  }
}

type LockState = 'free' | 'held' | 'left';

/** State of a lock file: missing (`free`), of a running process (`held`), or of a dead one (`left`). */
async function lockState(path: string): Promise<LockState> {
  const [text, found] = await Promise.all([
    readFile(path, 'utf8').catch(() => ''),
    stat(path).catch(() => undefined),
  ]);
  if (!found) return 'free';
  const [, pid, machine, since] = /^(\d+)(?: (\S+))?(?: (\d+))?$/.exec(text) ?? [];
  if (pid === undefined) return Date.now() - found.mtimeMs < NAMELESS_AGE ? 'held' : 'left';
  if (machine !== undefined && machine !== hostname()) return 'held';
  // In containers, different processes can have the same id. A lock older than this process belongs to another one.
  if (Number(pid) === process.pid) return Number(since ?? Infinity) < BEGAN ? 'left' : 'held';
  return isAlive(Number(pid)) ? 'held' : 'left';
}

/**
 * Takes a lock: a file that names the process working in its folder. The caller removes it afterwards. Takes over the
 * lock of a dead process on this machine, but never one from another machine, whose processes cannot be checked.
 * @returns whether the caller has the lock now. Of several simultaneous callers, in any processes, only one gets it
 * @throws MicroYoloError `not-writable`
 */
export async function takeLock(path: string): Promise<boolean> {
  if (await create(path)) return true;
  if ((await lockState(path)) === 'held') return false;
  // Only one process at a time replaces an abandoned lock. Otherwise, a second one could replace the new lock.
  const turn = `${path}.turn`;
  if (!(await takeLock(turn))) return false;
  try {
    const state = await lockState(path);
    if (state !== 'left') return state === 'free' && (await create(path));
    // Renamed, not deleted and created: the path is never free, so that no other process can create it.
    const draft = await writeDraft(path);
    await rename(draft, path).catch((error: unknown) => {
      throw notWritable(path, error);
    });
    return true;
  } finally {
    await rm(turn, { force: true });
  }
}
