import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRunFolder } from '../../../src/tasks/train/run-folder.ts';
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
