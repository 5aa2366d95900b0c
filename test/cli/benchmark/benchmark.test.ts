import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../temporary-files.ts';
import { runCli } from '../run-cli.ts';

const folder = temporaryFolder();

const TINY = [
  'benchmark',
  '--train',
  '--model',
  'micro-yolo',
  '--size',
  '64',
  '--batch',
  '2',
  '--steps',
  '2',
];

test('--json has the times, the engine, memory and the five most expensive operations', async () => {
  const { code, stdout } = await runCli([...TINY, '--json'], tmpdir());
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ model: 'micro-yolo', input: { width: 64, height: 64 }, batch: 2 });
  expect(report.engine).toMatch(/^onnx-(blocked|plain)$/);
  expect(report.median).toBeGreaterThan(0);
  expect(report.imagesPerSecond).toBeCloseTo(2000 / report.median, 6);
  expect(report.residentMemory).toBeGreaterThan(2 ** 20);
  expect(report.slowestOperations).toHaveLength(5);
});

test('the table says what was measured', async () => {
  const { code, stdout } = await runCli([...TINY, '--engine', 'onnx-plain'], tmpdir());
  expect(code).toBe(0);
  expect(stdout).toContain('micro-yolo at 64×64, batch 2, onnx-plain on CPU');
  expect(stdout).toMatch(/speed +[\d.]+ images\/s/);
});

test('without --train it times detection', async () => {
  const flags = ['--model', 'micro-yolo', '--size', '64', '--steps', '2'];
  const { code, stdout } = await runCli(['benchmark', ...flags, '--json'], tmpdir());
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ model: 'micro-yolo', batch: 1, runtime: 'onnx on the CPU' });
  expect(report.imagesPerSecond).toBeCloseTo(1000 / report.median, 6);
  expect(Object.keys(report.stages)).toEqual(['decode', 'resize', 'network', 'decoding', 'nms']);
  for (const { median, fastest, slowest } of Object.values<Record<string, number>>(report.stages)) {
    expect(median).toBeGreaterThanOrEqual(fastest!);
    expect(slowest).toBeGreaterThanOrEqual(median!);
  }
  expect(report.coldStart.total).toBeGreaterThan(report.coldStart.load + report.coldStart.first);
  expect(report.memory.peak).toBeGreaterThan(2 ** 20);
  const refused = await runCli(['benchmark', ...flags, '--engine', 'auto'], tmpdir());
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('--engine "auto": expected with --train only; detection takes --runtime');
  const cpu = await runCli(['benchmark', ...flags, '--require-gpu'], tmpdir());
  expect(cpu.code).toBe(1);
  expect(cpu.stderr).toMatch(
    /^error: --require-gpu: onnx on the CPU, which is not a GPU; .*micro-yolo doctor/,
  );
});

test.each([
  [
    ['--engine', 'cuda'],
    '--engine "cuda": expected auto, onnx-blocked, onnx-plain, onnx-cuda, onnx-webgpu, tensorflow, webgpu',
  ],
  [['--batch', '0'], '--batch "0": expected a whole number from 1 to 4096'],
  [
    ['--batch', '4096', '--size', '2048'],
    /^error: batch 4096: a step needs about \d+ MiB, \d+ MiB is free; a batch of/,
  ],
])('refuses %j in one line', async (flags, message) => {
  const { code, stderr } = await runCli([...TINY, ...flags], tmpdir());
  expect(code).not.toBe(0);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(message);
});

test('without a model, times the default detector and saves figures and a chart', async () => {
  const out = join(folder, 'figures');
  const flags = ['--size', '64', '--steps', '1', '--throughput', '--out', out];
  const { code, stdout } = await runCli(['benchmark', ...flags], tmpdir());
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /part +median +fastest +slowest\ndecode .*\nresize .*\nnetwork .*\ndecoding .*\nnms .*\nall /,
  );
  expect(stdout).toMatch(/threads +batch +images\/s\n +1 +1 /);
  const saved = JSON.parse(await readFile(join(out, 'benchmark.json'), 'utf8'));
  expect(saved.throughput.map(({ batch }: { batch: number }) => batch).slice(0, 3)).toEqual([1, 4, 8]);
  expect((await sharp(join(out, 'throughput.png')).metadata()).width).toBe(900);
});

test('times a classifier without boxes', async () => {
  const flags = ['--model', 'mobilenet-v2', '--size', '64', '--steps', '1', '--json'];
  const { stdout } = await runCli(['benchmark', ...flags], tmpdir());
  expect(Object.keys(JSON.parse(stdout).stages)).toEqual(['decode', 'resize', 'network']);
});

test('a comparison without Python says what is missing', async () => {
  const flags = ['--model', 'micro-yolo', '--size', '64', '--steps', '1', '--compare'];
  const { code, stderr } = await runCli(['benchmark', ...flags], tmpdir(), { PYTHON: '/nowhere/python' });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: compare: Python does not answer \(there is no python3\); set PYTHON to an interpreter/,
  );
});
