import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRun, makeRunFolder } from '../../../src/tasks/train/run-folder.ts';
import { resolveSettings } from '../../../src/tasks/train/settings-file.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const runs = temporaryFolder();

test.for([
  ['bccd/train.json', 'bccd'],
  ['datasets/bccd.yaml', 'bccd'],
  ['my photos', 'my-photos'],
  ['.', basename(process.cwd())],
  ['data.yaml', basename(process.cwd())],
] as const)('a run on %s is called %s', async ([data, name]) => {
  const folder = await makeRunFolder(resolveSettings({ data, runs }, 'test'));
  expect(folder.slice(0, -3)).toBe(join(runs, `${name.replaceAll(/[^\w.-]+/g, '-')}-`));
});

test('only one process trains in a folder at a time', async () => {
  const folder = await makeRunFolder(resolveSettings({ data: 'locked', runs }, 'test'));
  const lock = join(folder, 'running.lock');
  {
    await using _lock = await lockRun(folder);
    expect(existsSync(lock)).toBe(true);
  }
  expect(existsSync(lock)).toBe(false);
  for (const owner of [`${process.ppid} ${hostname()}`, '1 elsewhere']) {
    await writeFile(lock, owner);
    await expect(lockRun(folder)).rejects.toThrow(
      `another process is training there; wait for it, or delete ${lock}`,
    );
  }
  // Left by a process that died.
  await writeFile(lock, `${2 ** 30} ${hostname()}`);
  await using _lock = await lockRun(folder);
});
