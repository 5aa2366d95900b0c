import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Journal } from '../../src/compression/journal.ts';
import { microYoloError } from '../micro-yolo-error.ts';
import { temporaryFolder } from '../temporary-files.ts';

const folder = temporaryFolder();
const head = (data: string) => ({ version: 1, command: 'prune', of: { data } }) as const;
const open = (name: string, data = 'a') =>
  Journal.open(join(folder, name), head(data), z.strictObject({ step: z.number() }));

test('returns what was added when it is opened again', async () => {
  {
    await using journal = await open('kept');
    await journal.add({ step: 1 });
  }
  await using again = await open('kept');
  expect(again.lines).toEqual([{ step: 1 }]);
});

test('ignores a truncated last line', async () => {
  await appendFile(join(folder, 'kept'), '{"step":');
  await using journal = await open('kept');
  expect([journal.wasTorn, journal.lines]).toEqual([true, [{ step: 1 }]]);
  await journal.add({ step: 2 });
  expect((await readFile(join(folder, 'kept'), 'utf8')).trim().split('\n')).toHaveLength(3);
});

test('refuses a journal of other work and does not change it', async () => {
  const before = await readFile(join(folder, 'kept'), 'utf8');
  const { message } = await microYoloError(open('kept', 'b'));
  expect(message).toContain('is a journal of another data (a, now b); choose another output folder');
  expect(await readFile(join(folder, 'kept'), 'utf8')).toBe(before);
});

test('opens a journal without lines for any work', async () => {
  await (await open('empty'))[Symbol.asyncDispose]();
  await using journal = await open('empty', 'b');
  await journal.add({ step: 1 });
  expect(journal.lines).toEqual([{ step: 1 }]);
});

test('refuses a journal with an invalid line', async () => {
  await appendFile(join(folder, 'kept'), 'nonsense\n');
  const { message } = await microYoloError(open('kept'));
  expect(message).toContain('line 4 is not a journal line');
});
