import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startFolder } from '../../../src/datasets/output/folder.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';

it.each(['photos', '..photos'])('refuses to write into a folder that contains the input %s', async (name) => {
  const folder = temporaryFolder();
  const source = join(folder, name);
  await mkdir(source);
  const error = await microYoloError(startFolder(folder, { entries: [] }, [source], true));
  expect(error.message).toContain(`contains ${source}, which is an input`);
});
