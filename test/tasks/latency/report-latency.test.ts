import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { LatencyMeter } from '../../../src/tasks/latency/meter.ts';
import { reportLatency } from '../../../src/tasks/latency/report-latency.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { tinyModel, tinyNetwork } from '../../models/tiny-model.ts';
import { temporaryFolder, writeDeep } from '../../temporary-files.ts';

const folder = temporaryFolder();
const tables = join(folder, 'tables');

async function tinyFile(): Promise<string> {
  const path = join(folder, 'tiny.safetensors');
  await writeModel(path, tinyModel());
  return path;
}

test('times each operation of a network inside and outside of it', async () => {
  const { predicted, measured, layers, input } = await reportLatency({
    model: await tinyFile(),
    threads: 1,
    runs: 3,
    tables,
  });
  expect(input).toEqual({ width: 64, height: 64 });
  expect(measured).toBeGreaterThan(0);
  const sum = layers.reduce((total, layer) => total + layer.predicted, 0);
  expect(predicted).toBeGreaterThanOrEqual(sum);
  const named = layers.flatMap(({ layer }) => layer ?? []);
  const expected = ['block0.conv', 'block1.conv', 'block2.conv', 'block3.conv', 'block4.conv', 'logits'];
  expect(named).toEqual(expected);
});

test('keeps the times for the next time', async () => {
  const options = { threads: 1, tables: join(folder, 'kept') };
  const first = await (await LatencyMeter.open(options)).predict(tinyNetwork());
  const [file] = await readdir(options.tables);
  expect(await (await LatencyMeter.open(options)).predict(tinyNetwork())).toBe(first);
  const { times } = JSON.parse(await readFile(join(options.tables, file!), 'utf8')) as { times: object };
  expect(Object.keys(times).some((key) => key.includes('Conv') && key.includes('kernel_shape=3,3'))).toBe(
    true,
  );
});

test('starts a truncated table over', async () => {
  const options = { threads: 1, tables: join(folder, 'torn') };
  await (await LatencyMeter.open(options)).predict(tinyNetwork());
  const [file] = await readdir(options.tables);
  await writeFile(join(options.tables, file!), '{"version":1,');
  expect(await (await LatencyMeter.open(options)).predict(tinyNetwork())).toBeGreaterThan(0);
});

test('refuses a graph from another program', async () => {
  const path = await writeDeep(join(folder, 'other.onnx'), new Uint8Array([8, 7, 58, 0]));
  const { message } = await microYoloError(reportLatency({ model: path, tables }));
  expect(message).toContain('other.onnx');
  expect(message).toContain('is an imported graph');
});
