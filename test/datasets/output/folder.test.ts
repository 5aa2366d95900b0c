import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startFolder, writeRecord } from '../../../src/datasets/output/folder.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';

it.each(['photos', '..photos'])('refuses to write into a folder that contains the input %s', async (name) => {
  const folder = temporaryFolder();
  const source = join(folder, name);
  await mkdir(source);
  const error = await microYoloError(startFolder(folder, { entries: [] }, [source], true));
  expect(error.message).toContain(`contains ${source}, which is an input`);
});

it('replaces a data set that was never completed, and a complete one only if asked', async () => {
  const folder = temporaryFolder();
  await startFolder(folder, { entries: ['train'] }, [], false);
  await writeFile(join(folder, 'train'), 'half');
  await startFolder(folder, { entries: ['train'] }, [], false);
  expect(await readdir(folder)).toEqual(['conversion.json']);
  await writeRecord(folder, { entries: ['train'], splits: [] });
  const error = await microYoloError(startFolder(folder, { entries: ['train'] }, [], false));
  expect(error.message).toContain('already contains a data set');
  await startFolder(folder, { entries: ['train'] }, [], true);
});
