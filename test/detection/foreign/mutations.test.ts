import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../temporary-files.ts';

const fixture = (...parts: string[]) => join(import.meta.dirname, 'fixtures', ...parts);

/** How many files; more with MICRO_YOLO_MUTATIONS=2000. */
const COUNT = Number(process.env['MICRO_YOLO_MUTATIONS'] ?? 40);
/** Milliseconds without output that count as a hang. */
const PATIENCE = 60_000;

const models = [
  ...['twin-yolox-1', 'twin-yolov8-3', 'twin-rtdetr-own', 'twin-ssd-tensorflow', 'twin-yolov8-half'],
  ...['twin-yolov7-end2end', 'twin-nanodet'],
].map((name) => fixture(name, 'model.onnx'));

/** The outcome of files `from` to COUNT; stops early if the process dies or hangs. */
async function work(from: number, folder: string): Promise<readonly string[]> {
  const task = { from, to: COUNT, folder, models, picture: fixture('pictures', 'small-97x61.png') };
  const worker = join(import.meta.dirname, 'mutation-worker.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', worker, JSON.stringify(task)]);
  let text = '';
  let errors = '';
  const hang = () => child.kill('SIGKILL');
  let timer = setTimeout(hang, PATIENCE);
  child.stderr.on('data', (data) => {
    errors += data;
  });
  child.stdout.on('data', (data) => {
    text += data;
    clearTimeout(timer);
    timer = setTimeout(hang, PATIENCE);
  });
  const ended = await new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  clearTimeout(timer);
  const lines = text.split('\n');
  const last = lines.pop()!;
  // A number without an outcome: that file ended the process.
  if (last !== '') return [...lines, `${last}${JSON.stringify(`${ended} ${errors.slice(-300)}`)}`];
  if (ended !== 'exit 0') throw new Error(`${ended}: ${errors}`);
  return lines;
}

test('mutated files work or are refused in one line, without a crash, a hang or a raw error', {
  timeout: 60_000 + 5_000 * COUNT,
}, async () => {
  const folder = temporaryFolder();
  const results: string[] = [];
  while (results.length < COUNT) results.push(...(await work(results.length, folder)));
  expect(results.filter((line) => !/^\d+ "(works|refused)"$/.test(line))).toEqual([]);
  expect(results.filter((line) => line.endsWith('"refused"')).length).toBeGreaterThan(COUNT / 4);
  expect(results.filter((line) => line.endsWith('"works"')).length).toBeGreaterThan(COUNT / 10);
});
