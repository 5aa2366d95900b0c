import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemErrorCode } from '../errors/errors.ts';
import { notWritable } from './write.ts';

/** Age from which a lock file that names nobody is a dead process's, in milliseconds: writing the name takes less. */
const NAMELESS_AGE = 10_000;

/** What disks say that know no second name of a file. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/** When this process began, as `Date.now()` counts. */
const BEGAN = Date.now() - 1000 * process.uptime();

/** Names this process, its machine and the moment. */
const ownText = () => `${process.pid} ${hostname()} ${Date.now()}`;

/** Whether a process is at work under this number. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

/** Writes beside a lock file what it is to hold. Returns the path. */
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

/** Makes a lock file, whole from its first moment on. Returns whether there was none. */
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

/** Whether a lock file is there, and its process at work; `left`: it died. */
async function lockState(path: string): Promise<LockState> {
  const [text, found] = await Promise.all([
    readFile(path, 'utf8').catch(() => ''),
    stat(path).catch(() => undefined),
  ]);
  if (!found) return 'free';
  const [, pid, machine, since] = /^(\d+)(?: (\S+))?(?: (\d+))?$/.exec(text) ?? [];
  if (pid === undefined) return Date.now() - found.mtimeMs < NAMELESS_AGE ? 'held' : 'left';
  if (machine !== undefined && machine !== hostname()) return 'held';
  // In a container every process may have one number: a lock from before this one began is another's.
  if (Number(pid) === process.pid) return Number(since ?? Infinity) < BEGAN ? 'left' : 'held';
  return isAlive(Number(pid)) ? 'held' : 'left';
}

/**
 * Takes a lock, a file that names the process which works on what lies beside it: whoever takes it removes it. One that a
 * process of this machine left when it died is taken over; of another machine's nobody knows.
 * @returns whether it is the caller's now: of several that ask at once, in one process or many, one gets it
 * @throws MicroYoloError `not-writable`
 */
export async function takeLock(path: string): Promise<boolean> {
  if (await create(path)) return true;
  if ((await lockState(path)) === 'held') return false;
  // One at a time looks at a lock that was left and replaces it: else the second would replace the first one's.
  const turn = `${path}.turn`;
  if (!(await takeLock(turn))) return false;
  try {
    const state = await lockState(path);
    if (state !== 'left') return state === 'free' && (await create(path));
    // In one move: while the path is never free, nobody creates it.
    const draft = await writeDraft(path);
    await rename(draft, path).catch((error: unknown) => {
      throw notWritable(path, error);
    });
    return true;
  } finally {
    await rm(turn, { force: true });
  }
}
