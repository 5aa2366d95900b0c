import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { smallDetector } from '../tasks/prune/small-detector.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { cliCommand, runCli } from './run-cli.ts';

const folder = temporaryFolder();

beforeAll(async () => {
  await smallDetector(folder, [1, 2, 2]);
});

test('reports what became of each layer and what the model costs', async () => {
  const args = ['quantize', '--model', 'small.safetensors', '--data', 'shapes', '--threads', '1'];
  const { code, stdout } = await runCli([...args, '--layers', 'all', '--out', 'int8.safetensors'], folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^layer +channels +float ms +8-bit ms +error +precision/);
  expect(stdout).toMatch(/^block0\.conv +dense 3 → \d+ .* float +first layer$/m);
  expect(stdout).toMatch(/^block1\.conv +dense \d+ → \d+ +\d+\.\d{3} +\d+\.\d{3} +\S+ +8 bits/m);
  expect(stdout).toMatch(/^network \d+\.\d\d → \d+\.\d\d ms on this machine/m);
  expect(stdout).toMatch(/^int8\.safetensors: [\d,]+ bytes, \d\.\d\d × smaller than in float$/m);
  const compared = await runCli(
    ['compare', 'small.safetensors', 'int8.safetensors', '--rounds', '0', '--data', 'shapes', '--json'],
    folder,
  );
  const [float, int8] = JSON.parse(compared.stdout);
  expect(int8.quantized).toMatch(/^int8, 2 of 4 convolutions, weights of [78] bits, mse on 6 images$/);
  expect(int8.macs).toBe(float.macs);
  // Norms are folded into convolutions: two of four numbers per channel remain.
  expect(int8.parameters.total).toBeLessThan(float.parameters.total);
  expect(int8.parameters.total).toBeGreaterThan(0.9 * float.parameters.total);
  expect(int8.bytes).toBeGreaterThan(0);
  expect(int8.AP50).toBeGreaterThanOrEqual(0);
});

/** Whether the training has a run folder. */
const hasBegun = () => {
  const runs = join(folder, 'tuned.training');
  return existsSync(runs) && readdirSync(runs).some((name) => /^finetune-\w+-\d+$/.test(name));
};

/** Runs the command line until a condition holds, then sends SIGTERM. */
async function stopWhen(args: readonly string[], holds: () => boolean) {
  const [program, ...rest] = cliCommand(args);
  const child = spawn(program, rest, { cwd: folder });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  const timer = setInterval(() => holds() && child.kill('SIGTERM') && clearInterval(timer), 20);
  const [code] = await once(child, 'close');
  clearInterval(timer);
  return { code, stdout };
}

/** A training of one short epoch. */
const TRAINING = ['batch=2', 'engine=onnx-plain', 'maxMinutes=null', 'epochs=1'].flatMap((each) => [
  '--set',
  each,
]);

test('--finetune reports its gain, and saves on SIGTERM for the same command', async () => {
  const usual = ['quantize', '--model', 'small.safetensors', '--data', 'shapes', '--threads', '1'];
  const args = [...usual, '--layers', 'all', '--out', 'tuned.safetensors', '--finetune', '2', ...TRAINING];
  const stopped = await stopWhen(args, hasBegun);
  expect([stopped.code, existsSync(join(folder, 'tuned.safetensors'))]).toEqual([143, false]);
  expect(stopped.stdout).toMatch(/^interrupted; continue with: micro-yolo quantize .*--finetune 2/);
  const { code, stdout } = await runCli(args, folder);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^2 minutes of training in 8 bits: AP50 \d+\.\d\d % → \d+\.\d\d %; the (trained weights|weights as they were) are kept$/m,
  );
});

describe('is refused in one line, and leaves nothing', () => {
  const QUANTIZE = ['quantize', '--model', 'small.safetensors', '--out', 'never.safetensors'];

  test.for([
    [QUANTIZE, 2, 'no images to calibrate with; pass a folder with --images, or labeled images with --data'],
    [[...QUANTIZE, '--data', 'shapes', '--max-drop', '0'], 2, 'maxDrop 0: expected points of AP50 above 0'],
    [[...QUANTIZE, '--data', 'shapes', '--max-drop', '-2'], 2, 'maxDrop -2: expected points of AP50 above 0'],
    [
      [...QUANTIZE, '--data', 'shapes', '--calibration', 'median'],
      2,
      '--calibration "median": expected min-max',
    ],
    [
      [...QUANTIZE, '--images', 'shapes', '--finetune'],
      2,
      'finetune 5: trains on labeled images; pass them with --data',
    ],
    [
      [...QUANTIZE, '--data', 'shapes', '--finetune', '0'],
      2,
      '--finetune "0": expected a number from 0.01 to 100000',
    ],
    [
      [...QUANTIZE, '--data', 'shapes', '--finetune', '--split', 'test'],
      2,
      'split test: a split that selects',
    ],
    [
      [...QUANTIZE, '--data', 'shapes', '--swap-activations', 'gelu'],
      2,
      '--swap-activations "gelu": expected relu6, relu',
    ],
    [
      [...QUANTIZE, '--data', 'shapes', '--set', 'batch=2'],
      2,
      'settings batch: apply only to training; add --finetune',
    ],
    [[...QUANTIZE, '--data', 'nowhere'], 1, 'nowhere: no such file'],
    [[...QUANTIZE, '--images', 'nowhere'], 1, 'nowhere'],
    [['quantize', '--model', 'missing.safetensors', '--images', 'shapes'], 1, 'missing.safetensors'],
  ] as const)('%j', async ([args, exit, message]) => {
    const { code, stdout, stderr } = await runCli(args, folder);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'never.safetensors'))).toBe(false);
  });
});
