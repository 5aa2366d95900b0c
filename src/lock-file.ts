import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemErrorCode } from './errors.ts';
import { notWritable } from './files.ts';

/** Whether a process is at work under this number. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

/**
 * Takes a lock, a file that names the process which works on what lies beside it: whoever takes it removes it. One that a
 * process of this machine left when it died is taken over; of another machine's nobody knows.
 * @returns whether it is this process's now
 * @throws MicroYoloError `not-writable`
 */
export async function takeLock(path: string): Promise<boolean> {
  const machine = hostname();
  const own = `${process.pid} ${machine}`;
  try {
    await writeFile(path, own, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw notWritable(path, error);
  }
  const [pid, ...rest] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
  const isElsewhere = rest.length > 0 && rest.join(' ') !== machine;
  const isOthers = Number(pid) > 0 && Number(pid) !== process.pid && isAlive(Number(pid));
  if (isElsewhere || isOthers) return false;
  await writeFile(path, own);
  return true;
}
