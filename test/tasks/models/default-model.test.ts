import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { chooseDefaultModel, timeModels } from '../../../src/tasks/models/default-model.ts';
import { tinyModel } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const tables = join(folder, 'tables');
const models = { float32: join(folder, 'a.safetensors'), int8: join(folder, 'b.safetensors') };
const options = { threads: 1, tables };

beforeAll(async () => {
  for (const path of Object.values(models)) await writeModel(path, tinyModel());
});

test('times two models once and keeps the times', async () => {
  const times = await timeModels(models, options);
  expect(Math.min(times.float32, times.int8)).toBeGreaterThan(0);
  const [file] = await readdir(tables);
  const kept = JSON.parse(await readFile(join(tables, file!), 'utf8'));
  expect(kept).toEqual(times);
  await writeFile(join(tables, file!), JSON.stringify({ float32: 9, int8: 5 }));
  expect(await timeModels(models, options)).toEqual({ float32: 9, int8: 5 });
});

test('measures again if the stored times are truncated', async () => {
  const [file] = await readdir(tables);
  await writeFile(join(tables, file!), '{"float32": 9');
  expect((await timeModels(models, options)).float32).toBeGreaterThan(0);
});

test('times each number of threads separately', async () => {
  await timeModels(models, { ...options, threads: 2 });
  expect(await readdir(tables)).toHaveLength(2);
});

test('uses the regular default model if there is none in 8 bits', async () => {
  expect(await chooseDefaultModel(options)).toEqual({ model: 'micro-yolo-coco' });
});
