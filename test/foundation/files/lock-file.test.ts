import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { takeLock } from '../../../src/foundation/files/lock-file.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
/** No process has this id. */
const DEAD = 2 ** 30;

/** Node processes that each request all the locks at the same time and stay until they are asked to end. */
async function contend(paths: readonly string[], count: number): Promise<readonly (readonly boolean[])[]> {
  const source = fileURLToPath(new URL('../../../dist/foundation/files/lock-file.js', import.meta.url));
  const program = `
    const { takeLock } = await import(${JSON.stringify(source)});
    process.stdin.once('data', async () => {
      const taken = [];
      for (const path of ${JSON.stringify(paths)}) taken.push(await takeLock(path));
      console.log(JSON.stringify(taken));
      process.stdin.once('data', () => process.exit());
    });
    console.log('ready');`;
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const line = (child: (typeof children)[number]) =>
    new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(`${chunk}`)));
  await Promise.all(children.map(line));
  const answers = children.map(line);
  for (const child of children) child.stdin.write('go\n');
  const taken = (await Promise.all(answers)).map((answer) => JSON.parse(answer) as boolean[]);
  for (const child of children) child.stdin.write('end\n');
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('close', resolve))));
  return taken;
}

test('a lock is taken once per process, and again after it was removed', async () => {
  const path = join(folder, 'once.lock');
  expect(await takeLock(path)).toBe(true);
  expect(await takeLock(path)).toBe(false);
  await rm(path);
  expect(await takeLock(path)).toBe(true);
});

test('of many simultaneous requests in one process, one gets the lock and no other file remains', async () => {
  const paths = ['new', 'left'].map((name) => join(folder, 'at-once', name));
  await mkdir(join(folder, 'at-once'));
  await writeFile(paths[1]!, `${DEAD} ${hostname()}`);
  for (const path of paths) {
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  }
  expect((await readdir(join(folder, 'at-once'))).sort()).toEqual(['left', 'new']);
});

test.each([
  ['that another process is still writing', ''],
  ['of a living process', `${process.ppid} ${hostname()}`],
  ['of a living process, by its id alone', `${process.ppid}`],
  ['of another machine, with any process id', `${DEAD} elsewhere`],
])('a lock %s is not taken', async (_, text) => {
  const path = join(folder, 'held.lock');
  await writeFile(path, text);
  expect(await takeLock(path)).toBe(false);
  expect(await readFile(path, 'utf8')).toBe(text);
});

test.each([
  ['of a dead process', `${DEAD} ${hostname()}`],
  ['of an earlier process with the same id', `${process.pid} ${hostname()} 1`],
])('a lock %s is taken over', async (_, text) => {
  const path = join(folder, 'left.lock');
  await writeFile(path, text);
  expect(await takeLock(path)).toBe(true);
  expect(await takeLock(path)).toBe(false);
  await rm(path);
});

test('takes over a lock that has named no owner for a long time', async () => {
  const path = join(folder, 'nameless.lock');
  await writeFile(path, '');
  await utimes(path, 1, 1);
  expect(await takeLock(path)).toBe(true);
});

test('a process that died while taking over a lock does not keep others from it', async () => {
  const path = join(folder, 'twice-left.lock');
  for (const left of [path, `${path}.turn`]) await writeFile(left, `${DEAD} ${hostname()}`);
  expect(await takeLock(path)).toBe(true);
  expect(existsSync(`${path}.turn`)).toBe(false);
});

test('of several processes that request the same locks, each lock gets one owner, new or abandoned', async () => {
  const paths = Array.from({ length: 30 }, (_, index) => join(folder, `contended-${index}.lock`));
  for (const path of paths.slice(10)) await writeFile(path, `${DEAD} ${hostname()}`);
  const taken = await contend(paths, 4);
  const owners = paths.map((_, index) => taken.filter((process) => process[index]).length);
  expect(owners).toEqual(paths.map(() => 1));
});

test('reports a missing folder in one line', async () => {
  await expect(takeLock(join(folder, 'nowhere', 'a.lock'))).rejects.toMatchObject({ code: 'not-writable' });
});
