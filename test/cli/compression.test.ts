import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeModel } from '../../src/models/formats/safetensors/model-file.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();

beforeAll(async () => {
  await writeModel(join(folder, 'tiny.safetensors'), tinyModel());
});

test('latency --json has a predicted and a measured time, and the times of layers', async () => {
  const args = [
    'latency',
    'tiny.safetensors',
    '--threads',
    '1',
    '--runs',
    '3',
    '--tables',
    'tables',
    '--json',
  ];
  const { code, stdout } = await runCli(args, folder);
  expect(code).toBe(0);
  const { predicted, measured, layers } = JSON.parse(stdout);
  expect(Math.min(predicted, measured)).toBeGreaterThan(0);
  expect(layers.length).toBeGreaterThan(5);
});

test('info --ms shows the time of each layer', async () => {
  const { code, stdout } = await runCli(['info', 'tiny.safetensors', '--ms'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^layer +type +output +parameters +MACs +memory access +ms$/m);
  expect(stdout).toMatch(/^block0\.conv +conv .* \d+\.\d{3}$/m);
});

test('decompose writes a smaller model that detects', async () => {
  const args = [
    'decompose',
    '--model',
    'tiny.safetensors',
    '--parameters',
    '0.9',
    '--out',
    'low.safetensors',
  ];
  const { code, stdout, stderr } = await runCli([...args, '--json'], folder);
  expect([code, stderr]).toEqual([0, '']);
  const { parameters, layers, bytes } = JSON.parse(stdout);
  expect(parameters[1]).toBeLessThanOrEqual(0.9 * parameters[0]);
  expect(layers.length).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThan(0);
  const info = await runCli(['info', 'low.safetensors'], folder);
  expect([info.code, info.stderr]).toEqual([0, '']);
});

test('compress --method shift writes integers that every command reads', async () => {
  const args = ['compress', '--model', 'tiny.safetensors', '--method', 'shift', '--out', 'shift.safetensors'];
  const { code, stdout } = await runCli(args, folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^integers in blocks +[\d,]+ +\d\.\d\d +\d\.\d\d %$/m);
  const info = await runCli(['info', 'shift.safetensors'], folder);
  expect([info.code, info.stderr]).toEqual([0, '']);
});

describe('is refused in one line, and leaves nothing', () => {
  const PRUNE = ['prune', '--model', 'tiny.safetensors', '--data', 'nowhere', '--out', 'out'];
  const DECOMPOSE = ['decompose', '--model', 'tiny.safetensors', '--out', 'out'];
  const COMPRESS = ['compress', '--model', 'tiny.safetensors', '--out', 'out'];
  const SEARCH = ['search', '--data', 'nowhere', '--out', 'out'];

  test.for([
    [[...PRUNE, '--max-drop', '0'], 2, 'maxDrop 0: expected points of AP50 above 0'],
    [[...PRUNE, '--split', 'test'], 2, 'split test: a split that selects the model cannot test it'],
    [[...PRUNE, '--ms', 'fast'], 2, 'ms "fast": expected milliseconds such as 2.5'],
    [PRUNE, 1, 'nowhere: no such file'],
    [DECOMPOSE, 2, 'no target: pass --parameters, --macs, or --max-drop with data'],
    [[...DECOMPOSE, '--parameters', '50'], 2, '--parameters "50": expected a number from 0.01 to 0.99'],
    [[...DECOMPOSE, '--parameters', '0.5', '--macs', '0.5'], 2, 'parameters and macs: cannot be combined'],
    [[...DECOMPOSE, '--parameters', '0.5', '--minutes', '1'], 2, 'minutes: needs data; pass --data'],
    [[...DECOMPOSE, '--parameters', '0.5', '--methods', 'qr'], 2, 'expected some of svd, spatial, tucker'],
    [[...DECOMPOSE, '--parameters', '0.5'], 2, 'out out: expected a name that ends in .safetensors'],
    [
      [...COMPRESS, '--method', 'shift', '--centers', '16'],
      2,
      'centers with method shift: only method share supports it',
    ],
    [[...COMPRESS, '--method', 'shift', '--bits', '9'], 2, '--bits "9": expected a whole number from 2 to 8'],
    [[...COMPRESS, '--max-drop', '1'], 2, 'maxDrop: needs data; pass --data'],
    [[...SEARCH, '--space', 'colors'], 2, '--space "colors": expected some of kernels, widths'],
    [[...SEARCH, '--objective', 'mnasnet', '--target', 'fast'], 2, '--target fast: expected milliseconds'],
    [[...SEARCH, '--target', '3'], 2, 'target with objective map: has no effect'],
    [[...SEARCH, '--objective', 'netadapt', '--jobs', '2'], 2, 'jobs with objective netadapt: has no effect'],
    [[...SEARCH, '--objective', 'netadapt', '--target', 'abc'], 2, 'target "abc": expected milliseconds'],
    [[...SEARCH, '--model', 'yolo-nano'], 2, 'model "yolo-nano": has no table of stages to vary'],
  ] as const)('%j', async ([args, exit, message]) => {
    const { code, stdout, stderr } = await runCli(args, folder);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
